// The main flow through the types that openapi-typescript makes of the OpenAPI document: a field that the document lacks does not compile.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './generated/schema.js';

const { BASE_URL: baseUrl, EMAIL: email, PASSWORD: password } = process.env as Record<'BASE_URL' | 'EMAIL' | 'PASSWORD', string>;

const anonymous = createClient<paths>({ baseUrl });
const signedIn = await anonymous.POST('/api/auth/login', { body: { email, password } });
assert.ok(signedIn.data, 'sign in');
const people = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${signedIn.data.accessToken}` } });
const created = await people.POST('/api/api-keys', { body: { name: 'openapi-fetch', scopes: ['messages:send', 'conversations:read'] } });
assert.ok(created.data, 'make an API key');

const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${created.data.key}` } });
const conversations = await api.GET('/api/conversations', { params: { query: { channel: 'facebookMessenger', limit: 10 } } });
assert.ok(conversations.data, 'list conversations');
const conversationId = conversations.data.items[0]!.id;

const sent = await api.POST('/api/messaging/send', {
    params: { header: { 'Idempotency-Key': 'openapi-fetch', Prefer: 'wait=20' } },
    body: { conversationId, text: 'from openapi-fetch' },
});
assert.ok(sent.data, 'send a message');
const id = sent.data.messages[0]!.id;
const read = await api.GET('/api/messages/{id}', { params: { path: { id } } });
assert.equal(read.data?.text, 'from openapi-fetch');
assert.ok(['sent', 'delivered', 'read'].includes(read.data!.status), `sent, not ${read.data!.status}`);
const messages = await api.GET('/api/conversations/{id}/messages', { params: { path: { id: conversationId } } });
assert.ok(messages.data?.items.some(message => message.id === id), 'list messages');

const refused = await api.GET('/api/messages/{id}', { params: { path: { id: 999_999 } } });
assert.equal(refused.error?.code, 'message_not_found');
