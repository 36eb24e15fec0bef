using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class OutboundIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_messages_conversation_id_status_sent_at",
                table: "messages");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries",
                columns: new[] { "organization_id", "id" },
                filter: "organization_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_status_sent_at",
                table: "messages",
                columns: new[] { "conversation_id", "status", "sent_at" },
                filter: "direction = 'Outbound'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_messages_conversation_id_status_sent_at",
                table: "messages");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries",
                columns: new[] { "organization_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_status_sent_at",
                table: "messages",
                columns: new[] { "conversation_id", "status", "sent_at" });
        }
    }
}
