using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MetaMessaging.Infrastructure.Persistence.Migrations.Sqlite
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
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "part_number",
                table: "messages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AlterColumn<long>(
                name: "message_id",
                table: "message_attachments",
                type: "INTEGER",
                nullable: true,
                oldClrType: typeof(long),
                oldType: "INTEGER");

            migrationBuilder.AddColumn<string>(
                name: "remote_id",
                table: "message_attachments",
                type: "TEXT",
                maxLength: 512,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "remote_until",
                table: "message_attachments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "uploaded_at",
                table: "message_attachments",
                type: "TEXT",
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
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L,
                oldClrType: typeof(long),
                oldType: "INTEGER",
                oldNullable: true);
        }
    }
}
