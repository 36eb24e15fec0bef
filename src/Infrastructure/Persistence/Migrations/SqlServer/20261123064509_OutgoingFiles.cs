using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class OutgoingFiles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "held_until",
                table: "messages",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "part_number",
                table: "messages",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AlterColumn<long>(
                name: "message_id",
                table: "message_attachments",
                type: "bigint",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "bigint");

            migrationBuilder.AddColumn<string>(
                name: "remote_id",
                table: "message_attachments",
                type: "nvarchar(512)",
                maxLength: 512,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<DateTime>(
                name: "remote_until",
                table: "message_attachments",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "uploaded_at",
                table: "message_attachments",
                type: "datetime2",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_message_attachments_uploaded_at",
                table: "message_attachments",
                column: "uploaded_at",
                filter: "message_id is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_message_attachments_uploaded_at",
                table: "message_attachments");

            migrationBuilder.DropColumn(
                name: "held_until",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "part_number",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "remote_id",
                table: "message_attachments");

            migrationBuilder.DropColumn(
                name: "remote_until",
                table: "message_attachments");

            migrationBuilder.DropColumn(
                name: "uploaded_at",
                table: "message_attachments");

            migrationBuilder.AlterColumn<long>(
                name: "message_id",
                table: "message_attachments",
                type: "bigint",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "bigint",
                oldNullable: true);
        }
    }
}
