using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class UpkeepIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_messages_next_attempt_at",
                table: "messages");

            migrationBuilder.AddColumn<DateTime>(
                name: "apply_due_at",
                table: "parked_events",
                type: "datetime2",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_send_refusals_at",
                table: "send_refusals",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_apply_due_at",
                table: "parked_events",
                column: "apply_due_at",
                filter: "apply_due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_next_attempt_at_conversation_id",
                table: "messages",
                columns: new[] { "next_attempt_at", "conversation_id" },
                filter: "status = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "ix_message_attachments_storage_key",
                table: "message_attachments",
                column: "storage_key",
                filter: "storage_key is not null");

            migrationBuilder.CreateIndex(
                name: "ix_message_attachments_thumbnail_key",
                table: "message_attachments",
                column: "thumbnail_key",
                filter: "thumbnail_key is not null");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_avatar_key",
                table: "contacts",
                column: "avatar_key",
                filter: "avatar_key is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_send_refusals_at",
                table: "send_refusals");

            migrationBuilder.DropIndex(
                name: "ix_parked_events_apply_due_at",
                table: "parked_events");

            migrationBuilder.DropIndex(
                name: "ix_messages_next_attempt_at_conversation_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_message_attachments_storage_key",
                table: "message_attachments");

            migrationBuilder.DropIndex(
                name: "ix_message_attachments_thumbnail_key",
                table: "message_attachments");

            migrationBuilder.DropIndex(
                name: "ix_contacts_avatar_key",
                table: "contacts");

            migrationBuilder.DropColumn(
                name: "apply_due_at",
                table: "parked_events");

            migrationBuilder.CreateIndex(
                name: "ix_messages_next_attempt_at",
                table: "messages",
                column: "next_attempt_at",
                filter: "status = 'Queued'");
        }
    }
}
