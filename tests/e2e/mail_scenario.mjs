// Mails and one-time tokens through the unmodified @supabase/supabase-js:
//   node mail_scenario.mjs PACKAGES CLIENT URL MAIL_FOLDER SCENARIO
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'

import { follow, nextMail, tokenOf } from './mailbox.mjs'

const [packages, clientName, url, folder, scenario] = process.argv.slice(2)
const { createClient } = createRequire(`${packages}/`)(clientName)

const page = 'http://127.0.0.1:3999/after'
const password = 'correct horse battery'
const newEmail = () => `person-${randomUUID()}@example.org`
const mailTo = (email) => nextMail(folder, email)

function client(flowType = 'implicit') {
  const kept = new Map()
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
  // A Node before 22 has no WebSocket, which only realtime would use.
  const realtime = { transport: class {} }
  return createClient(url, 'anon', { auth: { flowType, storage, autoRefreshToken: false }, realtime }).auth
}

function right({ data, error }) {
  assert.equal(error, null)
  return data
}

function wrong({ error }, status, code) {
  assert.deepEqual([error?.status, error?.code], [status, code], error?.message)
}

/** A client with a confirmed account. */
async function signedUp(flowType) {
  const email = newEmail()
  const auth = client(flowType)
  right(await auth.signUp({ email, password, options: { data: { name: 'Ana' } } }))
  const mail = await mailTo(email)
  right(await auth.verifyOtp({ email, token: mail.code, type: 'email' }))
  return { auth, email }
}

const scenarios = {
  async signUpIsConfirmedByCode() {
    const email = newEmail()
    const auth = client()
    const made = right(await auth.signUp({ email, password }))
    assert.equal(made.session, null)
    assert.equal(made.user.email, email)
    assert.ok(made.user.confirmation_sent_at)
    wrong(await auth.signInWithPassword({ email, password }), 400, 'email_not_confirmed')
    const mail = await mailTo(email)
    const { session, user } = right(await auth.verifyOtp({ email, token: mail.code, type: 'signup' }))
    assert.equal(user.id, made.user.id)
    assert.ok(user.email_confirmed_at)
    assert.equal(user.identities[0].identity_data.email_verified, true)
    assert.ok(session.refresh_token)
    right(await auth.refreshSession())
    wrong(await client().verifyOtp({ email, token: mail.code, type: 'signup' }), 403, 'otp_expired')
    wrong(await client().verifyOtp({ token_hash: tokenOf(mail), type: 'signup' }), 403, 'otp_expired')
    right(await client().signInWithPassword({ email, password }))
  },

  async signUpIsConfirmedByLink() {
    const email = newEmail()
    const auth = client()
    right(await auth.signUp({ email, password, options: { emailRedirectTo: page } }))
    const mail = await mailTo(email)
    const { target, fragment } = await follow(mail)
    assert.equal(target.origin + target.pathname, page)
    assert.equal(fragment.get('type'), 'signup')
    assert.equal(fragment.get('token_type'), 'bearer')
    const { user } = right(await auth.setSession({
      access_token: fragment.get('access_token'), refresh_token: fragment.get('refresh_token') }))
    assert.equal(user.email, email)
    const again = await follow(mail)
    assert.equal(again.fragment.get('error_code'), 'otp_expired')
    assert.equal(again.fragment.get('error'), 'access_denied')
    assert.ok(again.fragment.get('error_description'))
  },

  async pkceLeadsToACode() {
    const email = newEmail()
    const auth = client('pkce')
    right(await auth.signUp({ email, password, options: { emailRedirectTo: page } }))
    const mail = await mailTo(email)
    const { target, query } = await follow(mail)
    assert.equal(target.hash, '')
    const stranger = await client('pkce').exchangeCodeForSession(query.get('code')).catch((error) => ({ error }))
    assert.ok(stranger.error)
    const { session } = right(await auth.exchangeCodeForSession(query.get('code')))
    assert.equal(session.user.email, email)
    const again = await follow(mail)
    assert.equal(again.query.get('error_code'), 'otp_expired')
    assert.equal(again.fragment.get('error_code'), 'otp_expired')

    right(await auth.resetPasswordForEmail(email, { redirectTo: page }))
    const recovery = await follow(await mailTo(email))
    const opened = right(await auth.exchangeCodeForSession(recovery.query.get('code')))
    assert.equal(opened.session.user.email, email)

    right(await auth.signInWithOtp({ email, options: { emailRedirectTo: page } }))
    const magic = await follow(await mailTo(email))
    right(await auth.exchangeCodeForSession(magic.query.get('code')))
  },

  async otpMakesAccountsAndSignsIn() {
    const email = newEmail()
    const auth = client()
    right(await auth.signInWithOtp({ email, options: { data: { display_name: 'Eva' } } }))
    const first = await mailTo(email)
    const made = right(await auth.verifyOtp({ email, token: first.code, type: 'email' }))
    assert.equal(made.user.user_metadata.display_name, 'Eva')
    assert.ok(made.user.email_confirmed_at)
    right(await auth.signInWithOtp({ email, options: { shouldCreateUser: false } }))
    const second = await mailTo(email)
    const known = right(await auth.verifyOtp({ token_hash: tokenOf(second), type: 'magiclink' }))
    assert.equal(known.user.id, made.user.id)
    assert.equal(JSON.parse(atob(known.session.access_token.split('.')[1])).amr[0].method, 'otp')
    wrong(await auth.signInWithPassword({ email, password: '' + password }), 400, 'invalid_credentials')
  },

  async recoveryChangesThePassword() {
    const { auth, email } = await signedUp()
    const elsewhere = client()
    right(await elsewhere.signInWithPassword({ email, password }))
    const recovering = client()
    right(await recovering.resetPasswordForEmail(email, { redirectTo: page }))
    const { fragment } = await follow(await mailTo(email))
    assert.equal(fragment.get('type'), 'recovery')
    right(await recovering.setSession({
      access_token: fragment.get('access_token'), refresh_token: fragment.get('refresh_token') }))
    wrong(await recovering.updateUser({ password }), 422, 'same_password')
    const changed = await recovering.updateUser({ password: 'another long secret' })
    assert.equal(right(changed).user.email, email)
    assert.ok((await elsewhere.refreshSession()).error, 'the other sessions have ended')
    assert.ok((await auth.refreshSession()).error)
    right(await recovering.refreshSession())
    wrong(await client().signInWithPassword({ email, password }), 400, 'invalid_credentials')
    right(await client().signInWithPassword({ email, password: 'another long secret' }))
    wrong(await recovering.updateUser({ password: 'x' }), 422, 'weak_password')
  },

  async resendSendsAFreshToken() {
    const email = newEmail()
    const auth = client()
    right(await auth.signUp({ email, password }))
    const first = await mailTo(email)
    right(await auth.resend({ type: 'signup', email }))
    const second = await mailTo(email)
    wrong(await auth.verifyOtp({ token_hash: tokenOf(first), type: 'signup' }), 403, 'otp_expired')
    right(await auth.verifyOtp({ token_hash: tokenOf(second), type: 'signup' }))
    right(await auth.resend({ type: 'signup', email }))  // the same answer, and no mail
    await assert.rejects(nextMail(folder, email, 700))
  },

  async theAddressIsChangedOnceBothConfirm() {
    const { auth, email } = await signedUp()
    const next = newEmail()
    const asked = right(await auth.updateUser({ email: next }, { emailRedirectTo: page }))
    assert.deepEqual([asked.user.email, asked.user.new_email], [email, next])
    const old = await mailTo(email)
    const fresh = await mailTo(next)
    const half = await follow(old)
    assert.ok(half.fragment.get('message'))
    assert.equal((await auth.getUser()).data.user.email, email)
    const whole = await follow(fresh)
    assert.equal(whole.fragment.get('type'), 'email_change')
    const user = (await auth.getUser()).data.user
    assert.deepEqual([user.email, user.new_email], [next, null])
    assert.equal(user.identities[0].identity_data.email, next)
    right(await client().signInWithPassword({ email: next, password }))
    wrong(await client().signInWithPassword({ email, password }), 400, 'invalid_credentials')

    const third = newEmail()
    right(await auth.updateUser({ email: third }))
    await mailTo(next)
    await mailTo(third)
    right(await auth.resend({ type: 'email_change', email: next }))
    const byNew = right(await auth.verifyOtp({ email: third, token: (await mailTo(third)).code, type: 'email_change' }))
    assert.equal(byNew.session, null)
    const byOld = right(await auth.verifyOtp({ email: next, token: (await mailTo(next)).code, type: 'email_change' }))
    assert.equal(byOld.user.email, third)
  },

  async aTakenAddressIsRefused() {
    const { email } = await signedUp()
    const { auth } = await signedUp()
    wrong(await auth.updateUser({ email }), 422, 'email_exists')
    wrong(await auth.updateUser({ email: 'none' }), 400, 'validation_failed')
  },

  async dataIsMerged() {
    const { auth } = await signedUp()
    right(await auth.updateUser({ data: { colour: 'green', city: 'Soria' } }))
    const { user } = right(await auth.updateUser({ data: { city: null, size: 3 } }))
    const { name, colour, city, size } = user.user_metadata
    assert.deepEqual({ name, colour, city, size }, { name: 'Ana', colour: 'green', city: undefined, size: 3 })
    wrong(await auth.updateUser({ data: { much: 'x'.repeat(5000) } }), 400, 'validation_failed')
  },

  // With auth.password_change_requires_reauthentication.
  async passwordsAskForReauthentication() {
    const { email } = await signedUp()
    const auth = client()
    right(await auth.signInWithPassword({ email, password }))
    wrong(await auth.updateUser({ password: 'second long secret' }), 400, 'reauthentication_needed')
    right(await auth.reauthenticate())
    const mail = await mailTo(email)
    assert.equal(mail.link, null)
    const other = mail.code === '111111' ? '222222' : '111111'
    wrong(await auth.updateUser({ password: 'second long secret', nonce: other }), 422, 'reauthentication_not_valid')
    right(await auth.updateUser({ password: 'second long secret', nonce: mail.code }))
    wrong(await auth.updateUser({ password: 'third long secret', nonce: mail.code }), 422, 'reauthentication_not_valid')
    wrong(await auth.updateUser({ password: 'third long secret', current_password: 'no' }), 422, 'reauthentication_not_valid')
    right(await auth.updateUser({ password: 'third long secret', current_password: 'second long secret' }))
    right(await client().signInWithPassword({ email, password: 'third long secret' }))
  },

  async fiveWrongCodesVoidTheRightOne() {
    const email = newEmail()
    const auth = client()
    right(await auth.signInWithOtp({ email }))
    const mail = await mailTo(email)
    const guess = mail.code === '111111' ? '222222' : '111111'
    for (let i = 0; i < 5; ++i) wrong(await auth.verifyOtp({ email, token: guess, type: 'email' }), 403, 'otp_expired')
    wrong(await auth.verifyOtp({ email, token: mail.code, type: 'email' }), 403, 'otp_expired')
    right(await auth.verifyOtp({ token_hash: tokenOf(mail), type: 'magiclink' }))
  },

  // With the default interval.
  async mailsAreLimitedByAddressAndPurpose() {
    const email = newEmail()
    right(await client().signInWithOtp({ email }))
    wrong(await client().signInWithOtp({ email }), 429, 'over_email_send_rate_limit')
    right(await client().resetPasswordForEmail(email))
    right(await client().signInWithOtp({ email: newEmail() }))
  },
}

await scenarios[scenario]()
console.log('done')
process.exit(0)
