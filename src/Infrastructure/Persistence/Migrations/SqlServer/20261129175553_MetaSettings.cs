using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class MetaSettings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "meta_oauth_states",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    state_hash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    browser_hash = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_meta_oauth_states", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "meta_pending_connections",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    meta_user_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    user_access_token = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    pages = table.Column<string>(type: "nvarchar(max)", nullable: false, collation: "Latin1_General_100_BIN2"),
                    expires_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    used_at = table.Column<DateTime>(type: "datetime2", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_meta_pending_connections", x => x.id);
                    table.ForeignKey(
                        name: "fk_meta_pending_connections_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "organization_meta_settings",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    page_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: false, collation: "Latin1_General_100_BIN2"),
                    page_name = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: false, collation: "Latin1_General_100_CI_AS_SC"),
                    page_access_token = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    ig_account_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    ig_username = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    state = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false, collation: "Latin1_General_100_BIN2"),
                    meta_user_id = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: true, collation: "Latin1_General_100_BIN2"),
                    connected_by_user_id = table.Column<long>(type: "bigint", nullable: true),
                    connected_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    token_expires_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    data_access_expires_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    webhook_url = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    last_event_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    policy_action = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: true, collation: "Latin1_General_100_BIN2"),
                    policy_reason = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    policy_at = table.Column<DateTime>(type: "datetime2", nullable: true),
                    profiles_paused_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    sends_paused_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    send_pauses = table.Column<int>(type: "int", nullable: false),
                    messenger_restricted_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    instagram_restricted_until = table.Column<DateTime>(type: "datetime2", nullable: true),
                    problems = table.Column<string>(type: "nvarchar(max)", nullable: false, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organization_meta_settings", x => x.id);
                    table.ForeignKey(
                        name: "fk_organization_meta_settings_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_meta_oauth_states_expires_at",
                table: "meta_oauth_states",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_meta_oauth_states_state_hash",
                table: "meta_oauth_states",
                column: "state_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_meta_pending_connections_expires_at",
                table: "meta_pending_connections",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_meta_pending_connections_organization_id",
                table: "meta_pending_connections",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_organization_meta_settings_connected_page",
                table: "organization_meta_settings",
                column: "page_id",
                unique: true,
                filter: "state <> 'Disconnected'");

            migrationBuilder.CreateIndex(
                name: "ix_organization_meta_settings_ig_account_id",
                table: "organization_meta_settings",
                column: "ig_account_id");

            migrationBuilder.CreateIndex(
                name: "ix_organization_meta_settings_meta_user_id",
                table: "organization_meta_settings",
                column: "meta_user_id");

            migrationBuilder.CreateIndex(
                name: "ix_organization_meta_settings_organization_id_page_id",
                table: "organization_meta_settings",
                columns: new[] { "organization_id", "page_id" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "meta_oauth_states");

            migrationBuilder.DropTable(
                name: "meta_pending_connections");

            migrationBuilder.DropTable(
                name: "organization_meta_settings");
        }
    }
}
