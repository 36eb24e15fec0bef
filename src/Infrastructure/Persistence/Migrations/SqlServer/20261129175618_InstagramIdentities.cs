using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class InstagramIdentities : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "contact_instagram",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    organization_id = table.Column<long>(type: "bigint", nullable: false),
                    contact_id = table.Column<long>(type: "bigint", nullable: false),
                    ig_account_id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    igsid = table.Column<string>(type: "nvarchar(512)", maxLength: 512, nullable: false, collation: "Latin1_General_100_BIN2"),
                    username = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_CI_AS_SC"),
                    is_verified = table.Column<bool>(type: "bit", nullable: true),
                    follower_count = table.Column<int>(type: "int", nullable: true),
                    follows_business = table.Column<bool>(type: "bit", nullable: true),
                    followed_by_business = table.Column<bool>(type: "bit", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contact_instagram", x => x.id);
                    table.ForeignKey(
                        name: "fk_contact_instagram_contacts_contact_id",
                        column: x => x.contact_id,
                        principalTable: "contacts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_contact_instagram_contact_id",
                table: "contact_instagram",
                column: "contact_id");

            migrationBuilder.CreateIndex(
                name: "ix_contact_instagram_igsid",
                table: "contact_instagram",
                column: "igsid");

            migrationBuilder.CreateIndex(
                name: "ix_contact_instagram_organization_id_ig_account_id_igsid",
                table: "contact_instagram",
                columns: new[] { "organization_id", "ig_account_id", "igsid" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contact_instagram");
        }
    }
}
