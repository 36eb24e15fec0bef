using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ConnectionProblems : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "problem",
                table: "organization_meta_settings");

            migrationBuilder.AddColumn<DateTime>(
                name: "data_access_expires_at",
                table: "organization_meta_settings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "problems",
                table: "organization_meta_settings",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<string>(
                name: "webhook_url",
                table: "organization_meta_settings",
                type: "TEXT",
                maxLength: 500,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "data_access_expires_at",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "problems",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "webhook_url",
                table: "organization_meta_settings");

            migrationBuilder.AddColumn<string>(
                name: "problem",
                table: "organization_meta_settings",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);
        }
    }
}
