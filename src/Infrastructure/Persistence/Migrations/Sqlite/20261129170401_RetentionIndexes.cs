using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class RetentionIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_timeline_entries_organization_id_occurred_at",
                table: "timeline_entries",
                columns: new[] { "organization_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_notes_organization_id_created_at",
                table: "notes",
                columns: new[] { "organization_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_message_attachments_organization_id_id",
                table: "message_attachments",
                columns: new[] { "organization_id", "id" },
                filter: "storage_key is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_timeline_entries_organization_id_occurred_at",
                table: "timeline_entries");

            migrationBuilder.DropIndex(
                name: "ix_notes_organization_id_created_at",
                table: "notes");

            migrationBuilder.DropIndex(
                name: "ix_message_attachments_organization_id_id",
                table: "message_attachments");
        }
    }
}
