using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <summary>Entries of the audit log are only added. Retention deletes what is older than audit_deleted_before of the organization.</summary>
    public partial class AppendOnlyAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER audit_entries_no_update");
            migrationBuilder.Sql("DROP TRIGGER audit_entries_no_delete");
        }
    }
}
