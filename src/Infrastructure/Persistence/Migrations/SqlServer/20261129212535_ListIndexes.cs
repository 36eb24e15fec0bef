using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class ListIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_messages_organization_id_occurred_at_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_mentions_conversation_id_user_id",
                table: "mentions");

            migrationBuilder.DropIndex(
                name: "ix_mentions_organization_id_user_id_read_at",
                table: "mentions");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_connection_id_last_message_at_id",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_last_message_at_id",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "ix_contacts_organization_id_created_at",
                table: "contacts");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_at",
                table: "audit_entries");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_organization_id_at",
                table: "audit_entries");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_account_id_id",
                table: "webhook_deliveries",
                columns: new[] { "account_id", "id" },
                filter: "account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_organization_id_state_id",
                table: "webhook_deliveries",
                columns: new[] { "organization_id", "state", "id" },
                filter: "organization_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_id",
                table: "messages",
                columns: new[] { "conversation_id", "id" },
                filter: "status IN ('Queued', 'Sending')");

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_status_channel_occurred_at_id",
                table: "messages",
                columns: new[] { "organization_id", "status", "channel", "occurred_at", "id" },
                filter: "status = 'Failed'");

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_status_connection_id_occurred_at_id",
                table: "messages",
                columns: new[] { "organization_id", "status", "connection_id", "occurred_at", "id" },
                filter: "status = 'Failed'");

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_status_occurred_at_id",
                table: "messages",
                columns: new[] { "organization_id", "status", "occurred_at", "id" },
                filter: "status = 'Failed'");

            migrationBuilder.CreateIndex(
                name: "ix_mentions_user_id_conversation_id",
                table: "mentions",
                columns: new[] { "user_id", "conversation_id" },
                filter: "read_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_assignee_id_status_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "assignee_id", "status", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_channel_status_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "channel", "status", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_connection_id_status_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "connection_id", "status", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_status_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "status", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_contacts_organization_id_created_at_id",
                table: "contacts",
                columns: new[] { "organization_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_at_id_action_actor_type_actor_id_target_type_target_id",
                table: "audit_entries",
                columns: new[] { "at", "id", "action", "actor_type", "actor_id", "target_type", "target_id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_organization_id_at_id_action_actor_type_actor_id_target_type_target_id",
                table: "audit_entries",
                columns: new[] { "organization_id", "at", "id", "action", "actor_type", "actor_id", "target_type", "target_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_account_id_id",
                table: "webhook_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_organization_id_state_id",
                table: "webhook_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_messages_conversation_id_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_organization_id_status_channel_occurred_at_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_organization_id_status_connection_id_occurred_at_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_organization_id_status_occurred_at_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_mentions_user_id_conversation_id",
                table: "mentions");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_assignee_id_status_last_message_at_id",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_channel_status_last_message_at_id",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_connection_id_status_last_message_at_id",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_status_last_message_at_id",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "ix_contacts_organization_id_created_at_id",
                table: "contacts");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_at_id_action_actor_type_actor_id_target_type_target_id",
                table: "audit_entries");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_organization_id_at_id_action_actor_type_actor_id_target_type_target_id",
                table: "audit_entries");

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_occurred_at_id",
                table: "messages",
                columns: new[] { "organization_id", "occurred_at", "id" },
                filter: "status = 'Failed'");

            migrationBuilder.CreateIndex(
                name: "ix_mentions_conversation_id_user_id",
                table: "mentions",
                columns: new[] { "conversation_id", "user_id" });

            migrationBuilder.CreateIndex(
                name: "ix_mentions_organization_id_user_id_read_at",
                table: "mentions",
                columns: new[] { "organization_id", "user_id", "read_at" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_connection_id_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "connection_id", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_contacts_organization_id_created_at",
                table: "contacts",
                columns: new[] { "organization_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_at",
                table: "audit_entries",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_organization_id_at",
                table: "audit_entries",
                columns: new[] { "organization_id", "at" });
        }
    }
}
