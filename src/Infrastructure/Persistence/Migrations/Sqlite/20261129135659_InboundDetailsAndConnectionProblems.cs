using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class InboundDetailsAndConnectionProblems : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Not DropColumn, for which EF Core rebuilds the table outside of a transaction.
            migrationBuilder.Sql("ALTER TABLE organization_meta_settings DROP COLUMN problem");

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

            migrationBuilder.AddColumn<int>(
                name: "inbound_number",
                table: "messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "opt_in",
                table: "conversations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "opt_in_at",
                table: "conversations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "referral",
                table: "conversations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "referral_at",
                table: "conversations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "withdrawn_after",
                table: "conversations",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "withdrawn_count",
                table: "conversations",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
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

            migrationBuilder.DropColumn(
                name: "inbound_number",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "opt_in",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "opt_in_at",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "referral",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "referral_at",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "withdrawn_after",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "withdrawn_count",
                table: "conversations");

            migrationBuilder.AddColumn<string>(
                name: "problem",
                table: "organization_meta_settings",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);
        }
    }
}
