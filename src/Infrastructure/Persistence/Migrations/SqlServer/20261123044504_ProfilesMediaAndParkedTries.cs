using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class ProfilesMediaAndParkedTries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "fetch_attempts",
                table: "parked_events",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "fetch_due_at",
                table: "parked_events",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "profiles_paused_until",
                table: "organization_meta_settings",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "address_renewed_at",
                table: "message_attachments",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "profile_stale_at",
                table: "contacts",
                type: "datetime2",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_fetch_due_at",
                table: "parked_events",
                column: "fetch_due_at",
                filter: "fetch_due_at is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_parked_events_fetch_due_at",
                table: "parked_events");

            migrationBuilder.DropColumn(
                name: "fetch_attempts",
                table: "parked_events");

            migrationBuilder.DropColumn(
                name: "fetch_due_at",
                table: "parked_events");

            migrationBuilder.DropColumn(
                name: "profiles_paused_until",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "address_renewed_at",
                table: "message_attachments");

            migrationBuilder.DropColumn(
                name: "profile_stale_at",
                table: "contacts");
        }
    }
}
