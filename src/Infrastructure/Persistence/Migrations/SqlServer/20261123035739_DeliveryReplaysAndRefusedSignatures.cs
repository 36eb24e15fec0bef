using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class DeliveryReplaysAndRefusedSignatures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "replay_id",
                table: "webhook_deliveries",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "delivery_replays",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: true),
                    requested_by = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    requested_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    total = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delivery_replays", x => x.id);
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

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_replay_id_state",
                table: "webhook_deliveries",
                columns: new[] { "replay_id", "state" },
                filter: "replay_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_delivery_replays_requested_at",
                table: "delivery_replays",
                column: "requested_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "delivery_replays");

            migrationBuilder.DropTable(
                name: "refused_signatures");

            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_replay_id_state",
                table: "webhook_deliveries");

            migrationBuilder.DropColumn(
                name: "replay_id",
                table: "webhook_deliveries");
        }
    }
}
