using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Figures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "waited_since",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "waiting_since",
                table: "conversations",
                type: "TEXT",
                nullable: true);

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
                name: "ix_conversations_organization_id_snoozed_until",
                table: "conversations",
                columns: new[] { "organization_id", "snoozed_until" },
                filter: "status = 'Snoozed'");

            // Counted in the background, so that an app with many messages starts at once.
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
                name: "message_rollups");

            migrationBuilder.DropTable(
                name: "response_rollups");

            migrationBuilder.DropIndex(
                name: "ix_conversations_organization_id_snoozed_until",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "waited_since",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "waiting_since",
                table: "conversations");
        }
    }
}
