using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CoreConfMetaFields : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "meta_messaging_app_id",
                table: "core_conf",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "meta_messaging_app_secret",
                table: "core_conf",
                type: "TEXT",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "meta_messaging_verify_token",
                table: "core_conf",
                type: "TEXT",
                maxLength: 256,
                nullable: false,
                defaultValue: "");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "meta_messaging_app_id",
                table: "core_conf");

            migrationBuilder.DropColumn(
                name: "meta_messaging_app_secret",
                table: "core_conf");

            migrationBuilder.DropColumn(
                name: "meta_messaging_verify_token",
                table: "core_conf");
        }
    }
}
