using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class QueueIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_messages_status",
                table: "messages");

            migrationBuilder.CreateIndex(
                name: "ix_messages_claimed_until",
                table: "messages",
                column: "claimed_until",
                filter: "status = 'Sending'");

            migrationBuilder.CreateIndex(
                name: "ix_messages_next_attempt_at",
                table: "messages",
                column: "next_attempt_at",
                filter: "status = 'Queued'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_messages_claimed_until",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_next_attempt_at",
                table: "messages");

            migrationBuilder.CreateIndex(
                name: "ix_messages_status",
                table: "messages",
                column: "status",
                filter: "status in ('Queued', 'Sending')");
        }
    }
}
