using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <summary>The audit log has no triggers here: EF Core reads the ids of new rows by OUTPUT, which a table with triggers does not
    /// allow. Nor is there a full-text index, which cannot be created within a transaction: the start does it.</summary>
    public partial class Messaging : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    scopes = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    key_hash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    created_by_user_id = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    last_used_at = table.Column<DateTime>(type: "datetime2", nullable: true)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    shortcut = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    text = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    created_at = table.Column<DateTime>(type: "datetime2", nullable: false)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    contact_id = table.Column<long>(type: "bigint", nullable: false),
                    scoped_user_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: false, collation: "Latin1_General_100_BIN2"),
                    status = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    snoozed_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    assignee_id = table.Column<long>(type: "bigint", nullable: true),
                    assignee_name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    last_message_preview = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    last_message_direction = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    last_message_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    last_inbound_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    thread_owner_app_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    thread_owner_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    referral = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    referral_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    opt_in = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    opt_in_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    delivered_up_to = table.Column<DateTime>(type: "datetime2", nullable: true),
                    read_up_to = table.Column<DateTime>(type: "datetime2", nullable: true),
                    receipts_due_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    inbound_count = table.Column<int>(type: "int", nullable: false),
                    seen_count = table.Column<int>(type: "int", nullable: false),
                    withdrawn_count = table.Column<int>(type: "int", nullable: false),
                    withdrawn_after = table.Column<int>(type: "int", nullable: false),
                    waiting_since = table.Column<DateTime>(type: "datetime2", nullable: true)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: true),
                    requested_by = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    requested_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    total = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_replays", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leases",
                columns: table => new
                {
                    name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    owner = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    expires_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "parked_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    mid = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: false, collation: "Latin1_General_100_BIN2"),
                    customer_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    body = table.Column<string>(type: "nvarchar(max)", nullable: false, collation: "Latin1_General_100_BIN2"),
                    fingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    parked_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    fetch_attempts = table.Column<int>(type: "int", nullable: false),
                    fetch_due_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    apply_due_at = table.Column<DateTime>(type: "datetime2", nullable: true)
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
                    hour = table.Column<DateTime>(type: "datetime2", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false),
                    last_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refused_signatures", x => x.hour);
                });

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    received_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    payload = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    @object = table.Column<string>(name: "object", type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    organization_id = table.Column<long>(type: "bigint", nullable: true),
                    account_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    state = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    attempts = table.Column<int>(type: "int", nullable: false),
                    event_count = table.Column<int>(type: "int", nullable: false),
                    failed_events = table.Column<int>(type: "int", nullable: false),
                    error = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    outcomes = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    processed_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    replay_id = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhook_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    conversation_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    direction = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    origin = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    sender_id = table.Column<long>(type: "bigint", nullable: true),
                    sender_name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    tag = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    send_id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    part_number = table.Column<int>(type: "int", nullable: false),
                    metadata = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    occurred_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    created_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    webhook_delivery_id = table.Column<long>(type: "bigint", nullable: true),
                    webhook_event_index = table.Column<int>(type: "int", nullable: true),
                    inbound_number = table.Column<int>(type: "int", nullable: true),
                    version = table.Column<int>(type: "int", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    text = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    quick_reply_payload = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    postback_title = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    postback_payload = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    reply_to_external_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    reply_to_message_id = table.Column<long>(type: "bigint", nullable: true),
                    reply_to_story_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    reply_to_story_url = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    referral = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    quick_replies = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    edit_count = table.Column<int>(type: "int", nullable: false),
                    edited_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    deleted_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    erase_due_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    external_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    status = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    attempts = table.Column<int>(type: "int", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    claimed_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    last_attempt_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    held_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    error_class = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    error_code = table.Column<int>(type: "int", nullable: true),
                    error_subcode = table.Column<int>(type: "int", nullable: true),
                    error_fbtrace_id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    error_title = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    error_detail = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    error_actor = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    error_retryable = table.Column<bool>(type: "bit", nullable: true),
                    sent_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    delivered_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    read_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    waited_since = table.Column<DateTime>(type: "datetime2", nullable: true)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    conversation_id = table.Column<long>(type: "bigint", nullable: false),
                    author_id = table.Column<long>(type: "bigint", nullable: false),
                    text = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    created_at = table.Column<DateTime>(type: "datetime2", nullable: false)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    conversation_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    covers_up_to = table.Column<DateTime>(type: "datetime2", nullable: false),
                    at = table.Column<DateTime>(type: "datetime2", nullable: false)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    conversation_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    text = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    details = table.Column<string>(type: "nvarchar(max)", nullable: false, collation: "Latin1_General_100_BIN2"),
                    fingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
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

            migrationBuilder.CreateTable(
                name: "message_attachments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    message_id = table.Column<long>(type: "bigint", nullable: true),
                    title = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    details = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    uploaded_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    remote_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    remote_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    type = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    state = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    source_url = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    address_renewed_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    attempts = table.Column<int>(type: "int", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    problem = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    content_type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    size = table.Column<long>(type: "bigint", nullable: true),
                    file_name = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    storage_key = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    thumbnail_key = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2")
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    message_id = table.Column<long>(type: "bigint", nullable: false),
                    actor = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    emoji = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    inbound_number = table.Column<int>(type: "int", nullable: true)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    message_id = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    @class = table.Column<string>(name: "class", type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    code = table.Column<int>(type: "int", nullable: true),
                    subcode = table.Column<int>(type: "int", nullable: true)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    note_id = table.Column<long>(type: "bigint", nullable: false),
                    conversation_id = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    read_at = table.Column<DateTime>(type: "datetime2", nullable: true)
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
                name: "idempotency_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    caller = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    key = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false, collation: "Latin1_General_100_BIN2"),
                    request_hash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    send_id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    created_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "contact_rollups",
                columns: table => new
                {
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    slot_minutes = table.Column<int>(type: "int", nullable: false),
                    slot = table.Column<int>(type: "int", nullable: false),
                    created = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_rollups", x => new { x.organization_id, x.slot_minutes, x.slot });
                });

            migrationBuilder.CreateTable(
                name: "counters",
                columns: table => new
                {
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    value = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_counters", x => new { x.organization_id, x.name });
                });

            migrationBuilder.CreateTable(
                name: "message_rollups",
                columns: table => new
                {
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    agent_id = table.Column<long>(type: "bigint", nullable: false),
                    slot_minutes = table.Column<int>(type: "int", nullable: false),
                    slot = table.Column<int>(type: "int", nullable: false),
                    channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    inbound = table.Column<int>(type: "int", nullable: false),
                    outbound = table.Column<int>(type: "int", nullable: false),
                    delivered = table.Column<int>(type: "int", nullable: false),
                    read = table.Column<int>(type: "int", nullable: false),
                    failed = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_message_rollups", x => new { x.organization_id, x.connection_id, x.agent_id, x.slot_minutes, x.slot, x.channel });
                });

            migrationBuilder.CreateTable(
                name: "response_rollups",
                columns: table => new
                {
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    connection_id = table.Column<long>(type: "bigint", nullable: false),
                    agent_id = table.Column<long>(type: "bigint", nullable: false),
                    slot_minutes = table.Column<int>(type: "int", nullable: false),
                    slot = table.Column<int>(type: "int", nullable: false),
                    bucket = table.Column<int>(type: "int", nullable: false),
                    responses = table.Column<int>(type: "int", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_response_rollups", x => new { x.organization_id, x.connection_id, x.agent_id, x.slot_minutes, x.slot, x.bucket });
                });

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
                unique: true,
                filter: "external_id is not null");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contact_rollups");

            migrationBuilder.DropTable(
                name: "counters");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

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
