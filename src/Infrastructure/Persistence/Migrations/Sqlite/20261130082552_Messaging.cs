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
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    scopes = table.Column<string>(type: "TEXT", nullable: false),
                    key_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    created_by_user_id = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    last_used_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                    table.ForeignKey(
                        name: "fk_api_keys_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "canned_replies",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    shortcut = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    text = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_canned_replies", x => x.id);
                    table.ForeignKey(
                        name: "fk_canned_replies_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

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
                    last_message_preview = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    last_message_direction = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    last_message_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    last_inbound_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    thread_owner_app_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    thread_owner_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    referral = table.Column<string>(type: "TEXT", nullable: true),
                    referral_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    opt_in = table.Column<string>(type: "TEXT", nullable: true),
                    opt_in_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    delivered_up_to = table.Column<DateTime>(type: "TEXT", nullable: true),
                    read_up_to = table.Column<DateTime>(type: "TEXT", nullable: true),
                    receipts_due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    inbound_count = table.Column<int>(type: "INTEGER", nullable: false),
                    seen_count = table.Column<int>(type: "INTEGER", nullable: false),
                    withdrawn_count = table.Column<int>(type: "INTEGER", nullable: false),
                    withdrawn_after = table.Column<int>(type: "INTEGER", nullable: false),
                    waiting_since = table.Column<DateTime>(type: "TEXT", nullable: true)
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
                name: "delivery_replays",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: true),
                    requested_by = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    requested_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_replays", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    caller = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    request_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    send_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    owner = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "parked_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    connection_id = table.Column<long>(type: "INTEGER", nullable: false),
                    channel = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    mid = table.Column<string>(type: "TEXT", maxLength: 512, nullable: false),
                    customer_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    body = table.Column<string>(type: "TEXT", nullable: false),
                    fingerprint = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    parked_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    fetch_attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    fetch_due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    apply_due_at = table.Column<DateTime>(type: "TEXT", nullable: true)
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
                name: "refused_signatures",
                columns: table => new
                {
                    hour = table.Column<DateTime>(type: "TEXT", nullable: false),
                    count = table.Column<long>(type: "INTEGER", nullable: false),
                    last_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refused_signatures", x => x.hour);
                });

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    received_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    payload = table.Column<byte[]>(type: "BLOB", nullable: false),
                    @object = table.Column<string>(name: "object", type: "TEXT", maxLength: 64, nullable: true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: true),
                    account_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    event_count = table.Column<int>(type: "INTEGER", nullable: false),
                    failed_events = table.Column<int>(type: "INTEGER", nullable: false),
                    error = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    outcomes = table.Column<string>(type: "TEXT", nullable: true),
                    processed_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    replay_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhook_deliveries", x => x.id);
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
                    direction = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    origin = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    sender_id = table.Column<long>(type: "INTEGER", nullable: true),
                    sender_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    tag = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    send_id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    part_number = table.Column<int>(type: "INTEGER", nullable: false),
                    metadata = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    webhook_delivery_id = table.Column<long>(type: "INTEGER", nullable: true),
                    webhook_event_index = table.Column<int>(type: "INTEGER", nullable: true),
                    inbound_number = table.Column<int>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: true),
                    quick_reply_payload = table.Column<string>(type: "TEXT", nullable: true),
                    postback_title = table.Column<string>(type: "TEXT", nullable: true),
                    postback_payload = table.Column<string>(type: "TEXT", nullable: true),
                    reply_to_external_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    reply_to_message_id = table.Column<long>(type: "INTEGER", nullable: true),
                    reply_to_story_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    reply_to_story_url = table.Column<string>(type: "TEXT", nullable: true),
                    referral = table.Column<string>(type: "TEXT", nullable: true),
                    quick_replies = table.Column<string>(type: "TEXT", nullable: true),
                    edit_count = table.Column<int>(type: "INTEGER", nullable: false),
                    edited_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    deleted_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    erase_due_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    external_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    status = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    claimed_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    last_attempt_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    held_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    error_class = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    error_code = table.Column<int>(type: "INTEGER", nullable: true),
                    error_subcode = table.Column<int>(type: "INTEGER", nullable: true),
                    error_fbtrace_id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    error_title = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    error_detail = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    error_actor = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    error_retryable = table.Column<bool>(type: "INTEGER", nullable: true),
                    sent_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    delivered_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    read_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    waited_since = table.Column<DateTime>(type: "TEXT", nullable: true)
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
                name: "notes",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    conversation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    author_id = table.Column<long>(type: "INTEGER", nullable: false),
                    text = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notes", x => x.id);
                    table.ForeignKey(
                        name: "fk_notes_conversations_conversation_id",
                        column: x => x.conversation_id,
                        principalTable: "conversations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "receipts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    conversation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    covers_up_to = table.Column<DateTime>(type: "TEXT", nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipts", x => x.id);
                    table.ForeignKey(
                        name: "fk_receipts_conversations_conversation_id",
                        column: x => x.conversation_id,
                        principalTable: "conversations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "timeline_entries",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    conversation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    text = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    details = table.Column<string>(type: "TEXT", nullable: false),
                    fingerprint = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    occurred_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "message_attachments",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<long>(type: "INTEGER", nullable: true),
                    title = table.Column<string>(type: "TEXT", nullable: true),
                    details = table.Column<string>(type: "TEXT", nullable: true),
                    uploaded_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    remote_id = table.Column<string>(type: "TEXT", maxLength: 512, nullable: true),
                    remote_until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    type = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    source_url = table.Column<string>(type: "TEXT", nullable: true),
                    address_renewed_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    problem = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    content_type = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    size = table.Column<long>(type: "INTEGER", nullable: true),
                    file_name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    storage_key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    thumbnail_key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true)
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

            migrationBuilder.CreateTable(
                name: "message_reactions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    emoji = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    inbound_number = table.Column<int>(type: "INTEGER", nullable: true)
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
                name: "send_refusals",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    connection_id = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    @class = table.Column<string>(name: "class", type: "TEXT", maxLength: 32, nullable: false),
                    code = table.Column<int>(type: "INTEGER", nullable: true),
                    subcode = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_send_refusals", x => x.id);
                    table.ForeignKey(
                        name: "fk_send_refusals_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "mentions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    note_id = table.Column<long>(type: "INTEGER", nullable: false),
                    conversation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    user_id = table.Column<long>(type: "INTEGER", nullable: false),
                    read_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mentions", x => x.id);
                    table.ForeignKey(
                        name: "fk_mentions_notes_note_id",
                        column: x => x.note_id,
                        principalTable: "notes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "contact_rollups",
                columns: table => new
                {
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    slot_minutes = table.Column<int>(type: "INTEGER", nullable: false),
                    slot = table.Column<int>(type: "INTEGER", nullable: false),
                    created = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_rollups", x => new { x.organization_id, x.slot_minutes, x.slot });
                });

            migrationBuilder.CreateTable(
                name: "counters",
                columns: table => new
                {
                    organization_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    value = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_counters", x => new { x.organization_id, x.name });
                });

            // The key is most of a row. Without a rowid it is stored once, which EF Core cannot say.
            migrationBuilder.Sql(
                """
                CREATE TABLE message_rollups (
                    organization_id INTEGER NOT NULL,
                    connection_id INTEGER NOT NULL,
                    agent_id INTEGER NOT NULL,
                    slot_minutes INTEGER NOT NULL,
                    slot INTEGER NOT NULL,
                    channel TEXT NOT NULL,
                    inbound INTEGER NOT NULL,
                    outbound INTEGER NOT NULL,
                    delivered INTEGER NOT NULL,
                    read INTEGER NOT NULL,
                    failed INTEGER NOT NULL,
                    CONSTRAINT pk_message_rollups PRIMARY KEY (organization_id, connection_id, agent_id, slot_minutes, slot, channel)
                ) WITHOUT ROWID
                """);

            // The key is most of a row. Without a rowid it is stored once, which EF Core cannot say.
            migrationBuilder.Sql(
                """
                CREATE TABLE response_rollups (
                    organization_id INTEGER NOT NULL,
                    connection_id INTEGER NOT NULL,
                    agent_id INTEGER NOT NULL,
                    slot_minutes INTEGER NOT NULL,
                    slot INTEGER NOT NULL,
                    bucket INTEGER NOT NULL,
                    responses INTEGER NOT NULL,
                    milliseconds INTEGER NOT NULL,
                    CONSTRAINT pk_response_rollups PRIMARY KEY (organization_id, connection_id, agent_id, slot_minutes, slot, bucket)
                ) WITHOUT ROWID
                """);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_key_hash",
                table: "api_keys",
                column: "key_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_organization_id_created_at",
                table: "api_keys",
                columns: new[] { "organization_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_canned_replies_organization_id_created_at",
                table: "canned_replies",
                columns: new[] { "organization_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_canned_replies_organization_id_shortcut",
                table: "canned_replies",
                columns: new[] { "organization_id", "shortcut" },
                unique: true);

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
                name: "ix_conversations_organization_id_snoozed_until",
                table: "conversations",
                columns: new[] { "organization_id", "snoozed_until" },
                filter: "status = 'Snoozed'");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_status_last_message_at_id",
                table: "conversations",
                columns: new[] { "organization_id", "status", "last_message_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id_status_last_message_at_id1",
                table: "conversations",
                columns: new[] { "organization_id", "status", "last_message_at", "id" },
                filter: "inbound_count - seen_count > CASE WHEN withdrawn_after = seen_count THEN withdrawn_count ELSE 0 END");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_receipts_due_at",
                table: "conversations",
                column: "receipts_due_at",
                filter: "receipts_due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_scoped_user_id",
                table: "conversations",
                column: "scoped_user_id");

            migrationBuilder.CreateIndex(
                name: "ix_delivery_replays_requested_at",
                table: "delivery_replays",
                column: "requested_at");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_organization_id_caller_key",
                table: "idempotency_keys",
                columns: new[] { "organization_id", "caller", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mentions_note_id",
                table: "mentions",
                column: "note_id");

            migrationBuilder.CreateIndex(
                name: "ix_mentions_user_id_conversation_id",
                table: "mentions",
                columns: new[] { "user_id", "conversation_id" },
                filter: "read_at is null");

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
                name: "ix_message_attachments_organization_id_id",
                table: "message_attachments",
                columns: new[] { "organization_id", "id" },
                filter: "storage_key is not null");

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
                name: "ix_message_attachments_uploaded_at",
                table: "message_attachments",
                column: "uploaded_at",
                filter: "message_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_message_reactions_message_id_actor",
                table: "message_reactions",
                columns: new[] { "message_id", "actor" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_messages_claimed_until",
                table: "messages",
                column: "claimed_until",
                filter: "status = 'Sending'");

            migrationBuilder.CreateIndex(
                name: "ix_messages_connection_id_external_id",
                table: "messages",
                columns: new[] { "connection_id", "external_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_id",
                table: "messages",
                columns: new[] { "conversation_id", "id" },
                filter: "status IN ('Queued', 'Sending')");

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_occurred_at_id",
                table: "messages",
                columns: new[] { "conversation_id", "occurred_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_status_sent_at",
                table: "messages",
                columns: new[] { "conversation_id", "status", "sent_at" },
                filter: "direction = 'Outbound'");

            migrationBuilder.CreateIndex(
                name: "ix_messages_erase_due_at",
                table: "messages",
                column: "erase_due_at",
                filter: "erase_due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_metadata",
                table: "messages",
                column: "metadata",
                unique: true,
                filter: "metadata is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_next_attempt_at_conversation_id",
                table: "messages",
                columns: new[] { "next_attempt_at", "conversation_id" },
                filter: "status = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "ix_messages_organization_id_occurred_at",
                table: "messages",
                columns: new[] { "organization_id", "occurred_at" });

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
                name: "ix_messages_send_id",
                table: "messages",
                column: "send_id",
                filter: "send_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_notes_conversation_id_created_at",
                table: "notes",
                columns: new[] { "conversation_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_notes_organization_id_created_at",
                table: "notes",
                columns: new[] { "organization_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_apply_due_at",
                table: "parked_events",
                column: "apply_due_at",
                filter: "apply_due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_connection_id_mid_fingerprint",
                table: "parked_events",
                columns: new[] { "connection_id", "mid", "fingerprint" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_fetch_due_at",
                table: "parked_events",
                column: "fetch_due_at",
                filter: "fetch_due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_parked_at",
                table: "parked_events",
                column: "parked_at");

            migrationBuilder.CreateIndex(
                name: "ix_receipts_at",
                table: "receipts",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_receipts_conversation_id_covers_up_to",
                table: "receipts",
                columns: new[] { "conversation_id", "covers_up_to" });

            migrationBuilder.CreateIndex(
                name: "ix_send_refusals_at",
                table: "send_refusals",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_send_refusals_message_id",
                table: "send_refusals",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_send_refusals_organization_id_at",
                table: "send_refusals",
                columns: new[] { "organization_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_timeline_entries_conversation_id_fingerprint",
                table: "timeline_entries",
                columns: new[] { "conversation_id", "fingerprint" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_timeline_entries_conversation_id_occurred_at",
                table: "timeline_entries",
                columns: new[] { "conversation_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_timeline_entries_organization_id_occurred_at",
                table: "timeline_entries",
                columns: new[] { "organization_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_account_id_id",
                table: "webhook_deliveries",
                columns: new[] { "account_id", "id" },
                filter: "account_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries",
                columns: new[] { "organization_id", "id" },
                filter: "organization_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_organization_id_state_id",
                table: "webhook_deliveries",
                columns: new[] { "organization_id", "state", "id" },
                filter: "organization_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_received_at",
                table: "webhook_deliveries",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_replay_id_state",
                table: "webhook_deliveries",
                columns: new[] { "replay_id", "state" },
                filter: "replay_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_state_id",
                table: "webhook_deliveries",
                columns: new[] { "state", "id" });

            // Contacts that are there already are counted in the background, so that the app starts at once.
            migrationBuilder.Sql(
                "INSERT INTO counters (organization_id, name, value) SELECT id, 'OutdatedRollups', 1 FROM organizations");

            // Entries of the audit log are only added. Retention deletes what is older than the organization keeps.
            migrationBuilder.Sql(
                """
                CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
                BEGIN SELECT RAISE(ABORT, 'Audit entries are never changed.'); END
                """);
            migrationBuilder.Sql(
                """
                CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
                WHEN OLD.organization_id IS NULL OR EXISTS (
                    SELECT 1 FROM organizations o
                    WHERE o.id = OLD.organization_id AND (o.audit_deleted_before IS NULL OR OLD.at >= o.audit_deleted_before))
                BEGIN SELECT RAISE(ABORT, 'Audit entries are deleted by retention only.'); END
                """);

            foreach (var statement in SqliteSearchSchema.Create()) migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var statement in SqliteSearchSchema.Drop()) migrationBuilder.Sql(statement);

            migrationBuilder.Sql("DROP TRIGGER audit_entries_no_update");

            migrationBuilder.Sql("DROP TRIGGER audit_entries_no_delete");

            migrationBuilder.DropTable(
                name: "contact_rollups");

            migrationBuilder.DropTable(
                name: "counters");

            migrationBuilder.DropTable(
                name: "message_rollups");

            migrationBuilder.DropTable(
                name: "response_rollups");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "canned_replies");

            migrationBuilder.DropTable(
                name: "delivery_replays");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "leases");

            migrationBuilder.DropTable(
                name: "mentions");

            migrationBuilder.DropTable(
                name: "message_attachments");

            migrationBuilder.DropTable(
                name: "message_reactions");

            migrationBuilder.DropTable(
                name: "parked_events");

            migrationBuilder.DropTable(
                name: "receipts");

            migrationBuilder.DropTable(
                name: "refused_signatures");

            migrationBuilder.DropTable(
                name: "send_refusals");

            migrationBuilder.DropTable(
                name: "timeline_entries");

            migrationBuilder.DropTable(
                name: "webhook_deliveries");

            migrationBuilder.DropTable(
                name: "notes");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "conversations");
        }
    }
}
