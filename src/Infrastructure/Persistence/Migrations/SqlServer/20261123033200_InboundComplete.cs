using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class InboundComplete : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "account_id",
                table: "webhook_deliveries",
                type: "nvarchar(512)",
                maxLength: 512,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "outcomes",
                table: "webhook_deliveries",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "policy_action",
                table: "organization_meta_settings",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "policy_at",
                table: "organization_meta_settings",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "policy_reason",
                table: "organization_meta_settings",
                type: "nvarchar(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "deleted_at",
                table: "messages",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "edit_count",
                table: "messages",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "edited_at",
                table: "messages",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "erase_due_at",
                table: "messages",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "referral",
                table: "messages",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reply_to_story_id",
                table: "messages",
                type: "nvarchar(512)",
                maxLength: 512,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "reply_to_story_url",
                table: "messages",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "webhook_delivery_id",
                table: "messages",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "webhook_event_index",
                table: "messages",
                type: "int",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "details",
                table: "message_attachments",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "thread_owner_app_id",
                table: "conversations",
                type: "nvarchar(512)",
                maxLength: 512,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<DateTime>(
                name: "thread_owner_at",
                table: "conversations",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "profile_checked_at",
                table: "contacts",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "followed_by_business",
                table: "contact_instagram",
                type: "bit",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "follower_count",
                table: "contact_instagram",
                type: "int",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "follows_business",
                table: "contact_instagram",
                type: "bit",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_verified",
                table: "contact_instagram",
                type: "bit",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    owner = table.Column<string>(type: "nvarchar(128)", maxLength: 128, nullable: false),
                    token = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "message_reactions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    message_id = table.Column<long>(type: "bigint", nullable: false),
                    actor = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    emoji = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_reactions", x => x.id);
                    table.ForeignKey(
                        name: "fk_message_reactions_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "parked_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    mid = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: false, collation: "Latin1_General_100_BIN2"),
                    customer_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    body = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    fingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    parked_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parked_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_parked_events_organization_meta_settings_connection_id",
                        column: x => x.connection_id,
                        principalTable: "organization_meta_settings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "timeline_entries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    conversation_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    text = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    details = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    fingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    occurred_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_timeline_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_timeline_entries_conversations_conversation_id",
                        column: x => x.conversation_id,
                        principalTable: "conversations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_received_at",
                table: "webhook_deliveries",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_messages_erase_due_at",
                table: "messages",
                column: "erase_due_at",
                filter: "erase_due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_message_reactions_message_id_actor",
                table: "message_reactions",
                columns: new[] { "message_id", "actor" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_connection_id_mid_fingerprint",
                table: "parked_events",
                columns: new[] { "connection_id", "mid", "fingerprint" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_parked_at",
                table: "parked_events",
                column: "parked_at");

            migrationBuilder.CreateIndex(
                name: "ix_timeline_entries_conversation_id_fingerprint",
                table: "timeline_entries",
                columns: new[] { "conversation_id", "fingerprint" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_timeline_entries_conversation_id_occurred_at",
                table: "timeline_entries",
                columns: new[] { "conversation_id", "occurred_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "message_reactions");

            migrationBuilder.DropTable(
                name: "parked_events");

            migrationBuilder.DropTable(
                name: "timeline_entries");

            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_received_at",
                table: "webhook_deliveries");

            migrationBuilder.DropIndex(
                name: "ix_messages_erase_due_at",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "account_id",
                table: "webhook_deliveries");

            migrationBuilder.DropColumn(
                name: "outcomes",
                table: "webhook_deliveries");

            migrationBuilder.DropColumn(
                name: "policy_action",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "policy_at",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "policy_reason",
                table: "organization_meta_settings");

            migrationBuilder.DropColumn(
                name: "deleted_at",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "edit_count",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "edited_at",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "erase_due_at",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "referral",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "reply_to_story_id",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "reply_to_story_url",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "webhook_delivery_id",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "webhook_event_index",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "details",
                table: "message_attachments");

            migrationBuilder.DropColumn(
                name: "thread_owner_app_id",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "thread_owner_at",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "profile_checked_at",
                table: "contacts");

            migrationBuilder.DropColumn(
                name: "followed_by_business",
                table: "contact_instagram");

            migrationBuilder.DropColumn(
                name: "follower_count",
                table: "contact_instagram");

            migrationBuilder.DropColumn(
                name: "follows_business",
                table: "contact_instagram");

            migrationBuilder.DropColumn(
                name: "is_verified",
                table: "contact_instagram");
        }
    }
}
