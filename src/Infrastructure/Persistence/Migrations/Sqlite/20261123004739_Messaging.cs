using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Messaging : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "conversations",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    connection_id = table.Column<long>(type: "INTEGER", nullable: false),
                    channel = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    contact_id = table.Column<long>(type: "INTEGER", nullable: false),
                    scoped_user_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    snoozed_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    assignee_id = table.Column<long>(type: "INTEGER", nullable: true),
                    assignee_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    inbound_count = table.Column<int>(type: "INTEGER", nullable: false),
                    seen_count = table.Column<int>(type: "INTEGER", nullable: false),
                    last_message_preview = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    last_message_direction = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    last_message_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    last_inbound_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    delivered_up_to = table.Column<DateTime>(type: "TEXT", nullable: true),
                    read_up_to = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversations", x => x.id);
                    table.ForeignKey(
                        name: "fk_conversations_connections_connection_id",
                        column: x => x.connection_id,
                        principalTable: "organization_meta_settings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_conversations_contacts_contact_id",
                        column: x => x.contact_id,
                        principalTable: "contacts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    conversation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    connection_id = table.Column<long>(type: "INTEGER", nullable: false),
                    channel = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    external_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    direction = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    origin = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: true),
                    quick_reply_payload = table.Column<string>(type: "TEXT", nullable: true),
                    postback_title = table.Column<string>(type: "TEXT", nullable: true),
                    postback_payload = table.Column<string>(type: "TEXT", nullable: true),
                    reply_to_external_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    reply_to_message_id = table.Column<long>(type: "INTEGER", nullable: true),
                    sender_id = table.Column<long>(type: "INTEGER", nullable: true),
                    sender_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    metadata = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    sent_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    delivered_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    read_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    claimed_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    last_attempt_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    error_code = table.Column<int>(type: "INTEGER", nullable: true),
                    error_subcode = table.Column<int>(type: "INTEGER", nullable: true),
                    error_fbtrace_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    error_title = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    error_detail = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    error_actor = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    error_retryable = table.Column<bool>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => x.id);
                    table.ForeignKey(
                        name: "fk_messages_connections_connection_id",
                        column: x => x.connection_id,
                        principalTable: "organization_meta_settings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_messages_conversations_conversation_id",
                        column: x => x.conversation_id,
                        principalTable: "conversations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "message_attachments",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<long>(type: "INTEGER", nullable: false),
                    type = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    source_url = table.Column<string>(type: "TEXT", nullable: true),
                    title = table.Column<string>(type: "TEXT", nullable: true),
                    content_type = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    size = table.Column<long>(type: "INTEGER", nullable: true),
                    file_name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    storage_key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    thumbnail_key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    problem = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_attachments", x => x.id);
                    table.ForeignKey(
                        name: "fk_message_attachments_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_connection_id_channel_scoped_user_id",
                table: "conversations",
                columns: new[] { "connection_id", "channel", "scoped_user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_conversations_contact_id",
                table: "conversations",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_scoped_user_id",
                table: "conversations",
                column: "scoped_user_id");

            migrationBuilder.CreateIndex(
                name: "ix_message_attachments_message_id",
                table: "message_attachments",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_message_attachments_next_attempt_at",
                table: "message_attachments",
                column: "next_attempt_at",
                filter: "next_attempt_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_connection_id_external_id",
                table: "messages",
                columns: new[] { "connection_id", "external_id" },
                unique: true,
                filter: "external_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_occurred_at_id",
                table: "messages",
                columns: new[] { "conversation_id", "occurred_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_status_sent_at",
                table: "messages",
                columns: new[] { "conversation_id", "status", "sent_at" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_metadata",
                table: "messages",
                column: "metadata",
                unique: true,
                filter: "metadata is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_occurred_at",
                table: "messages",
                columns: new[] { "organization_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_status",
                table: "messages",
                column: "status",
                filter: "status in ('Queued', 'Sending')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "message_attachments");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "conversations");
        }
    }
}
