// All calls of a public client for Messenger, against the simulator at ORIGIN; ends with an error at the first answer that is not Meta's.
import assert from 'node:assert/strict';
import messenger from 'messaging-api-messenger';

const { MessengerBatch, MessengerClient } = messenger;
const { ORIGIN, ACCESS_TOKEN, APP_SECRET, CUSTOMER } = process.env;
const settings = { origin: ORIGIN, accessToken: ACCESS_TOKEN, appId: '123456789012345', appSecret: APP_SECRET, version: 'v25.0' };
const client = new MessengerClient(settings);
const picture = `${ORIGIN}/samples/cup.jpg`;
const success = { result: 'success' };
const refused = code => error => new RegExp(`Messenger API - ${code} `).test(error.message);

async function sendsMessages() {
    const sent = await client.sendText(CUSTOMER, 'text');
    assert.equal(sent.recipientId, CUSTOMER);
    assert.match(sent.messageId, /^m_/);
    await client.sendText(CUSTOMER, 'quick replies', { quickReplies: [{ contentType: 'text', title: 'Yes', payload: 'YES' }] });
    await client.sendText(CUSTOMER, 'late', { tag: 'HUMAN_AGENT' });
    await client.sendButtonTemplate(CUSTOMER, 'button template', [{ type: 'postback', title: 'Order', payload: 'ORDER' }]);
    await client.sendGenericTemplate(CUSTOMER, [{ title: 'generic template', subtitle: 'Blue', imageUrl: picture }]);
    const shop = { type: 'web_url', title: 'Shop', url: picture };
    await client.sendTemplate(CUSTOMER, { templateType: 'button', text: 'template', buttons: [shop] });
    await client.markSeen(CUSTOMER);
    await client.typingOn(CUSTOMER);
    await client.typingOff(CUSTOMER);
    await assert.rejects(client.sendText(CUSTOMER, 'x'.repeat(2001)), refused(100));
    await assert.rejects(client.sendText('1', 'nobody'), refused(100));
}

async function sendsAttachments() {
    const { attachmentId } = await client.uploadImage(picture, { isReusable: true });
    const bytes = Buffer.from(await (await fetch(picture)).arrayBuffer());
    const uploaded = await client.uploadAttachment('image', bytes, { isReusable: true, filename: 'cup.jpg', contentType: 'image/jpeg' });
    await client.sendImage(CUSTOMER, { attachmentId });
    await client.sendAttachment(CUSTOMER, { type: 'image', payload: { attachmentId: uploaded.attachmentId } });
    await client.sendImage(CUSTOMER, picture);
    await client.sendImage(CUSTOMER, bytes, { filename: 'cup.jpg' });
    await client.sendMediaTemplate(CUSTOMER, [{ mediaType: 'image', attachmentId }]);
    await assert.rejects(client.sendImage(CUSTOMER, { attachmentId: '1745504518999123' }), refused(100));
}

async function readsProfiles() {
    assert.equal((await client.getPageInfo()).name, 'Blue Cup Coffee');
    const profile = await client.getUserProfile(CUSTOMER);
    assert.deepEqual([profile.id, profile.firstName, profile.lastName], [CUSTOMER, 'Peter', 'Chang']);
    // With a proof the client would prove the Page's token here, although the call carries the app's.
    assert.equal((await new MessengerClient({ ...settings, skipAppSecretProof: true }).debugToken()).isValid, true);
}

async function setsTheMessengerProfile() {
    const menu = [
        { type: 'postback', title: 'Start again', payload: 'START' }, { type: 'web_url', title: 'Shop', url: 'https://example.com' },
    ];
    const iceBreakers = [{ question: 'When are you open?', payload: 'OPEN' }];
    await assert.rejects(client.setPersistentMenu(menu), refused(100));
    assert.deepEqual(await client.setGetStarted('START'), success);
    assert.deepEqual(await client.setPersistentMenu(menu), success);
    assert.deepEqual(await client.setGreeting('Hello {{user_first_name}}'), success);
    assert.deepEqual(await client.setIceBreakers(iceBreakers), success);
    assert.deepEqual(await client.setWhitelistedDomains(['https://example.com']), success);
    assert.deepEqual(await client.setAccountLinkingURL('https://example.com/link'), success);

    assert.deepEqual(await client.getGetStarted(), { payload: 'START' });
    assert.deepEqual((await client.getPersistentMenu())[0].callToActions, menu);
    assert.equal((await client.getGreeting())[0].text, 'Hello {{user_first_name}}');
    assert.deepEqual(await client.getIceBreakers(), iceBreakers);
    assert.deepEqual(await client.getWhitelistedDomains(), ['https://example.com']);
    assert.equal(await client.getAccountLinkingURL(), 'https://example.com/link');

    await assert.rejects(client.deleteGetStarted(), refused(100));
    for (const remove of ['PersistentMenu', 'GetStarted', 'Greeting', 'IceBreakers', 'WhitelistedDomains', 'AccountLinkingURL'])
        assert.deepEqual(await client[`delete${remove}`](), success);
    assert.equal(await client.getPersistentMenu(), null);
}

async function writesAsAPersona() {
    const { id } = await client.createPersona({ name: 'Nora', profilePictureUrl: picture });
    assert.equal((await client.getPersona(id)).name, 'Nora');
    assert.deepEqual((await client.getAllPersonas()).map(persona => persona.id), [id]);
    await client.sendText(CUSTOMER, 'from a persona', { personaId: id });
    await client.typingOn(CUSTOMER, { personaId: id });
    assert.deepEqual(await client.deletePersona(id), { success: true });
    await assert.rejects(client.sendText(CUSTOMER, 'from nobody', { personaId: id }), refused(100));
}

async function sendsABatch() {
    const [text, profile, bad] = await client.sendBatch([
        MessengerBatch.sendText(CUSTOMER, 'in a batch & alone'),
        MessengerBatch.getUserProfile(CUSTOMER),
        MessengerBatch.sendText('1', 'nobody'),
    ]);
    assert.deepEqual([text.code, text.body.recipientId], [200, CUSTOMER]);
    assert.deepEqual([profile.code, profile.body.firstName], [200, 'Peter']);
    assert.deepEqual([bad.code, bad.body.error.code], [400, 100]);
    const [silent] = await client.sendBatch([MessengerBatch.typingOn(CUSTOMER)], { includeHeaders: false });
    assert.equal(silent.headers, undefined);
}

async function handsTheThreadOver() {
    const success = { success: true };
    assert.equal(`${(await client.getThreadOwner(CUSTOMER)).appId}`, '123456789012345');
    assert.deepEqual(await client.passThreadControlToPageInbox(CUSTOMER, 'a complaint'), success);
    assert.equal(`${(await client.getThreadOwner(CUSTOMER)).appId}`, '263902037430900');
    await assert.rejects(client.sendText(CUSTOMER, 'not ours'), refused(10));
    assert.deepEqual(await client.requestThreadControl(CUSTOMER, 'please'), success);
    assert.deepEqual(await client.takeThreadControl(CUSTOMER, 'ours again'), success);
    await client.sendText(CUSTOMER, 'back again');
}

await sendsMessages();
await sendsAttachments();
await readsProfiles();
await setsTheMessengerProfile();
await writesAsAPersona();
await sendsABatch();
await handsTheThreadOver();
