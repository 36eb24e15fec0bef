using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class WebhookDeliveryOrganization : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "organization_id",
                table: "webhook_deliveries",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries",
                columns: new[] { "organization_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_webhook_deliveries_organization_id_id",
                table: "webhook_deliveries");

            migrationBuilder.DropColumn(
                name: "organization_id",
                table: "webhook_deliveries");
        }
    }
}
