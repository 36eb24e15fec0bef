-- Fills a migrated database. One row of the temporary table "size" says how much: messages, apart (each apart-th message belongs to the
-- long conversation, number 1), span (seconds of history), until (its end, seconds since 1970). The temporary tables words_of_names and
-- sentences hold the texts. Statements are separated by lines of three hyphens.
--
-- Message m of the others has the rank r = m - m/apart - 1. A thousand ranks are a block of 25 pairs of conversations: rank r belongs to the
-- pair r % 25 and is its q-th message, q = r % 1000 / 25; each eighth is the first conversation's (5 messages), the rest the second's (35).
-- Questions and answers alternate. What an answer had been waited for is written unless the answer before it failed: "rebuild rollups" adds
-- the rest, but takes a while for each.
CREATE TEMP TABLE all_conversations AS
WITH RECURSIVE n(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM n WHERE id < (SELECT messages / apart * (apart - 1) / 20 - 1 FROM size)),
place AS (SELECT id, id / 50 AS block, id % 50 / 2 AS pair, id % 2 AS is_second FROM n),
ranks AS (SELECT id, is_second, block * 1000 + pair + 25 * iif(is_second, 1, 0) AS first, block * 1000 + pair + 25 * iif(is_second, 39, 32) AS last FROM place)
SELECT id + 2 AS id, (id + 2) * 2654435761 % 4294967296 / 16 AS chance, iif(is_second, 35, 5) AS messages, iif(is_second, 18, 3) AS inbound,
  first + 1 + first / ((SELECT apart FROM size) - 1) AS first, last + 1 + last / ((SELECT apart FROM size) - 1) AS last,
  last - iif(is_second, 25, 200) + 1 + (last - iif(is_second, 25, 200)) / ((SELECT apart FROM size) - 1) AS last_answer
FROM ranks
UNION ALL
SELECT 1, 77, messages / apart, (messages / apart + 1) / 2, apart, messages, NULL FROM size
---
-- Each 25th conversation is the other channel of the person and the Page of the conversation before it; 1 of 20 Pages is the small organization's.
CREATE TEMP TABLE seeded AS
SELECT c.*, p.id AS connection_id, p.organization_id, p.page_id, p.ig_account_id,
  iif(c.chance % 3 = 0, 'InstagramDm', 'FacebookMessenger') AS channel, c.id AS contact_id,
  strftime('%Y-%m-%d %H:%M:%S', (SELECT until - span FROM size) + c.last * (SELECT span FROM size) / (SELECT messages FROM size), 'unixepoch') AS last_at,
  strftime('%Y-%m-%d %H:%M:%S', (SELECT until - span FROM size) + c.first * (SELECT span FROM size) / (SELECT messages FROM size), 'unixepoch') AS first_at
FROM all_conversations c JOIN organization_meta_settings p ON p.id = 1 + iif(c.id = 1, 0, c.chance % 20)
---
CREATE UNIQUE INDEX seeded_id ON seeded (id)
---
UPDATE seeded SET (contact_id, connection_id, organization_id, page_id, ig_account_id, channel) =
  (SELECT b.id, b.connection_id, b.organization_id, b.page_id, b.ig_account_id, iif(b.channel = 'InstagramDm', 'FacebookMessenger', 'InstagramDm') FROM seeded b WHERE b.id = seeded.id - 1)
WHERE id % 25 = 0
---
INSERT INTO contacts (id, organization_id, name, name_is_edited, avatar_key, avatar_content_type, profile_state, profile_attempts, profile_checked_at, profile_stale_at, created_at)
SELECT s.id, organization_id, g.given || ' ' || f.family, chance % 50 = 0,
  iif(s.id % 2, '2025/01/00000000000000000000000000000001', NULL), iif(s.id % 2, 'image/png', NULL), iif(chance % 40 = 1, 'Unavailable', 'Complete'), 0, first_at, last_at, first_at || '.' || (1 + chance % 9)
FROM seeded s JOIN words_of_names g ON g.id = 1 + s.chance % 499 JOIN words_of_names f ON f.id = 1 + s.chance / 499 % 499
WHERE s.contact_id = s.id
---
INSERT INTO contact_facebook (organization_id, contact_id, page_id, psid)
SELECT organization_id, contact_id, page_id, printf('7654%013d', id) FROM seeded WHERE channel = 'FacebookMessenger'
---
INSERT INTO contact_instagram (organization_id, contact_id, ig_account_id, igsid, username, is_verified, follower_count)
SELECT organization_id, contact_id, ig_account_id, printf('9876%013d', id), 'user.' || chance, 0, chance % 5000 FROM seeded WHERE channel = 'InstagramDm'
---
-- Of a hundred: 3 closed, 2 snoozed, 4 assigned to a colleague, 3 unread. The signed-in person (user 1) has the 60 oldest.
INSERT INTO conversations (id, organization_id, connection_id, channel, contact_id, scoped_user_id, status, snoozed_until, assignee_id, assignee_name,
  last_message_preview, last_message_direction, last_message_at, last_inbound_at, delivered_up_to, inbound_count, seen_count, withdrawn_count, withdrawn_after,
  waiting_since)
SELECT id, organization_id, connection_id, channel, contact_id, iif(channel = 'InstagramDm', '9876', '7654') || printf('%013d', id),
  CASE WHEN chance % 100 < 3 THEN 'Closed' WHEN chance % 100 < 5 THEN 'Snoozed' ELSE 'Open' END,
  iif(chance % 100 IN (3, 4), '2040-01-01 00:00:00', NULL),
  CASE WHEN organization_id = 1 AND id BETWEEN 2 AND 65 THEN 1 WHEN chance % 100 BETWEEN 10 AND 13 THEN 2 + chance / 100 % 4 END,
  CASE WHEN organization_id = 1 AND id BETWEEN 2 AND 65 THEN 'Nora Berg' WHEN chance % 100 BETWEEN 10 AND 13 THEN 'Colleague ' || (2 + chance / 100 % 4) END,
  (SELECT substr(text, 1, 200) FROM sentences WHERE sentences.id = 1 + chance % 4999), iif(chance % 2, 'Inbound', 'Outbound'), last_at || '.' || (1 + last % 9), last_at, last_at,
  inbound, iif(chance % 100 BETWEEN 20 AND 22, inbound - 1, inbound), 0, 0,
  iif(last_answer * 2654435761 % 4294967296 / 16 % 100 < 3, NULL, iif(last_answer IS NULL, NULL, last_at || '.' || (1 + last % 9)))
FROM seeded
---
INSERT INTO messages (id, organization_id, conversation_id, connection_id, channel, direction, origin, sender_id, sender_name, send_id, part_number, metadata,
  occurred_at, created_at, webhook_delivery_id, webhook_event_index, inbound_number, version, kind, text, reply_to_external_id, reply_to_message_id,
  edit_count, external_id, status, attempts, next_attempt_at, error_class, error_code, error_title, error_actor, error_retryable, sent_at, delivered_at, read_at,
  waited_since)
WITH RECURSIVE m(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM m WHERE id < (SELECT messages FROM size)),
ranked AS (SELECT m.id, m.id % apart = 0 AS is_long, m.id / apart - 1 AS k, m.id - m.id / apart - 1 AS r, m.id * 2654435761 % 4294967296 / 16 AS chance,
  strftime('%Y-%m-%d %H:%M:%S', until - span + m.id * span / messages, 'unixepoch') || '.' || (1 + m.id % 9) AS at FROM m, size),
placed AS (SELECT *, r % 1000 / 25 AS q FROM ranked),
before AS (SELECT *, r - CASE q % 8 WHEN 0 THEN 200 WHEN 1 THEN 50 ELSE 25 END AS r1,
  r - CASE WHEN q % 8 = 0 THEN 400 WHEN q % 8 < 3 THEN 75 ELSE 50 END AS r2 FROM placed),
numbered AS (SELECT id, chance, at, is_long,
  iif(is_long, id - apart, r1 + 1 + r1 / (apart - 1)) AS question, iif(is_long, id - 2 * apart, r2 + 1 + r2 / (apart - 1)) AS previous_answer,
  CASE WHEN is_long THEN 1 ELSE 2 + r / 1000 * 50 + r % 25 * 2 + (q % 8 <> 0) END AS conversation,
  CASE WHEN is_long THEN k WHEN q % 8 = 0 THEN q / 8 ELSE q - q / 8 - 1 END AS k FROM before, size),
directed AS (SELECT *, k % 2 = 0 AS is_inbound,
  CASE WHEN k % 2 = 0 THEN 'Received' WHEN chance % 100 < 3 THEN 'Failed' WHEN chance % 100 < 10 THEN 'Sent' WHEN chance % 100 < 35 THEN 'Delivered' ELSE 'Read' END AS status,
  CASE WHEN chance % 100 < 92 THEN 'Text' WHEN chance % 100 < 98 THEN 'Media' ELSE 'Postback' END AS kind FROM numbered)
SELECT m.id, s.organization_id, s.id, s.connection_id, s.channel, iif(is_inbound, 'Inbound', 'Outbound'), iif(is_inbound, 'Contact', iif(m.chance % 10 = 0, 'Api', 'Agent')),
  iif(is_inbound, NULL, 1 + m.chance % 5), iif(is_inbound, NULL, 'Colleague ' || (1 + m.chance % 5)), iif(is_inbound, NULL, printf('%032x', m.id)), 0,
  iif(is_inbound, NULL, printf('mm:%016x%016x', m.chance, m.id)), at, at, iif(is_inbound, (m.id + 9) / 10, NULL), iif(is_inbound, (m.id - 1) % 10, NULL), iif(is_inbound, k / 2 + 1, NULL), 1, kind,
  iif(kind = 'Media', NULL, t.text || iif(m.chance % 33 = 0, ' #' || (100000 + m.id), '')),
  iif(is_long AND k % 50 = 49, printf('m_%016x%012d', m.chance, m.id), NULL), iif(is_long AND k % 50 = 49, m.id - (SELECT apart FROM size), NULL),
  0, iif(m.status = 'Failed', NULL, printf('m_%08x%012dRGVlciByZWFkZXIsIGEgbWlkIG9mIE1ldGEgaGFzIGFib3V0IHRoaXMgbGVuZ3RoLCBzb21ldGltZXMgbW9yZQ', m.chance, m.id)),
  m.status, iif(is_inbound, 0, 1), NULL,
  iif(m.status = 'Failed', iif(m.chance % 2, 'Window', 'Recipient'), NULL), iif(m.status = 'Failed', 10, NULL), iif(m.status = 'Failed', 'The messaging window is closed', NULL), iif(m.status = 'Failed', 'Agent', NULL),
  iif(m.status = 'Failed', m.chance % 3 = 0, NULL), iif(m.status = 'Failed', NULL, at), iif(m.status IN ('Delivered', 'Read'), at, NULL), iif(m.status = 'Read', at, NULL),
  iif(is_inbound OR m.status = 'Failed' OR (k > 1 AND previous_answer * 2654435761 % 4294967296 / 16 % 100 < 3), NULL,
    strftime('%Y-%m-%d %H:%M:%S', (SELECT until - span + question * span / messages FROM size), 'unixepoch') || '.' || (1 + question % 9))
FROM directed m JOIN seeded s ON s.id = m.conversation JOIN sentences t ON t.id = 1 + m.chance % 4999
---
-- A few that wait for their next attempt.
UPDATE messages SET status = 'Queued', external_id = NULL, next_attempt_at = '2040-01-01 00:00:00', sent_at = NULL, delivered_at = NULL, read_at = NULL
WHERE direction = 'Outbound' AND id > (SELECT messages FROM size) - 60
---
INSERT INTO message_attachments (organization_id, message_id, type, state, source_url, attempts, content_type, size, file_name, storage_key)
SELECT organization_id, id, 'image', 'Available', 'https://lookaside.fbsbx.com/' || id, 1, 'image/png', 50000, 'picture.png', '2025/01/00000000000000000000000000000001' FROM messages WHERE kind = 'Media'
---
INSERT INTO message_reactions (organization_id, message_id, actor, emoji, at)
SELECT organization_id, id, 'Business', '❤', occurred_at FROM messages WHERE id % 40 = 0
---
INSERT INTO send_refusals (organization_id, connection_id, message_id, at, class, code)
SELECT organization_id, connection_id, id, strftime('%Y-%m-%d %H:%M:%S', (SELECT until FROM size) - id % 500000, 'unixepoch'), error_class, error_code FROM messages WHERE status = 'Failed' AND id % 10 = 0
---
INSERT INTO webhook_deliveries (id, received_at, payload, partition, object, organization_id, account_id, state, attempts, event_count, failed_events, error, outcomes, processed_at)
WITH RECURSIVE d(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM d WHERE id < (SELECT messages / 10 FROM size))
SELECT d.id, m.created_at, CAST(
    '{"object":"page","entry":[{"id":"' || p.page_id || '","time":' || m.id || ',"messaging":[' || group_concat('{"sender":{"id":"7654' || m.conversation_id || '"},"message":{"mid":"' || coalesce(m.external_id, '') || '","text":"Hello"}}') || ']}]}' AS BLOB), p.id % 16,
  iif(m.channel = 'InstagramDm', 'instagram', 'page'), iif(d.id % 20 = 0, NULL, m.organization_id), iif(d.id % 20 = 0, NULL, p.page_id),
  CASE WHEN d.id % 200 = 7 THEN 'Failed' WHEN d.id % 100 = 9 THEN 'Ignored' ELSE 'Processed' END, 1, 10, iif(d.id % 200 = 7, 1, 0), iif(d.id % 200 = 7, 'The event has no sender.', NULL),
  '[' || group_concat('{"kind":"Processed","reason":null,"event":"Message","organizationId":' || m.organization_id || '}') || ']', m.created_at
FROM d JOIN messages m ON m.id BETWEEN d.id * 10 - 9 AND d.id * 10 JOIN organization_meta_settings p ON p.id = m.connection_id GROUP BY d.id
---
INSERT INTO timeline_entries (organization_id, conversation_id, kind, text, details, fingerprint, occurred_at)
SELECT organization_id, id, 'Referral', 'Came from an ad', '{"ref":"spring","source":"ADS","type":"OPEN_THREAD"}', printf('%064x', id), first_at FROM seeded WHERE id % 10 = 1
---
INSERT INTO notes (id, organization_id, conversation_id, author_id, text, created_at)
SELECT id, organization_id, id, 2, 'Please have a look at this one.', last_at FROM seeded WHERE organization_id = 1 AND id % 50 = 1
---
INSERT INTO mentions (organization_id, note_id, conversation_id, user_id, read_at)
SELECT organization_id, id, conversation_id, 1 + id / 50 % 5, iif(id % 1000 = 1, NULL, created_at) FROM notes
---
INSERT INTO audit_entries (organization_id, at, actor_type, actor_id, actor_name, action, target_type, target_id, changes, address)
SELECT organization_id, occurred_at, 'Person', 1 + id % 5, 'Colleague ' || (1 + id % 5), CASE id % 700 WHEN 0 THEN 'member.changed' ELSE 'contact.renamed' END, 'contact', conversation_id, '{"name":["changed","changed"]}', '192.0.2.7'
FROM messages WHERE id % 100 = 0
---
UPDATE organization_meta_settings SET last_event_at = (SELECT max(last_at) FROM seeded)
---
INSERT INTO delivery_replays (organization_id, requested_by, requested_at, total) SELECT 1, 'Nora Berg', max(last_at), 20 FROM seeded
---
UPDATE webhook_deliveries SET replay_id = 1 WHERE organization_id = 1 AND id IN (SELECT id FROM webhook_deliveries WHERE organization_id = 1 ORDER BY id LIMIT 20)
---
INSERT INTO data_deletions (confirmation_code, connections, completed_at) SELECT 'code', 1, max(last_at) FROM seeded
