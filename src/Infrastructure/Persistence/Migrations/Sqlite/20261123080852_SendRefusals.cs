using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SendRefusals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "send_pauses",
                table: "organization_meta_settings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "sends_paused_until",
                table: "organization_meta_settings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "error_class",
                table: "messages",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "send_refusals",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    connection_id = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    @class = table.Column<string>(name: "class", type: "TEXT", maxLength: 32, nullable: false),
                    code = table.Column<int>(type: "INTEGER", nullable: true),
                    subcode = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_send_refusals", x => x.id);
                    table.ForeignKey(
                        name: "fk_send_refusals_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_occurred_at_id",
                table: "messages",
                columns: new[] { "organization_id", "occurred_at", "id" },
                filter: "status = 'Failed'");

            migrationBuilder.CreateIndex(
                name: "ix_send_refusals_message_id",
                table: "send_refusals",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_send_refusals_organization_id_at",
                table: "send_refusals",
                columns: new[] { "organization_id", "at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "send_refusals");

            migrationBuilder.DropIndex(
                name: "ix_messages_organization_id_occurred_at_id",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "send_pauses",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "sends_paused_until",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "error_class",
                table: "messages");
        }
    }
}
