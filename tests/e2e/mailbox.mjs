// Reads the mails that a server with auth.mail_transport=file has written.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const seen = new Set()

function parsed(text) {
  const link = /https?:\/\/\S+\/auth\/v1\/verify\?[^\s"<]+/.exec(text)
  const code = /^[^<\n]*: (\d{6})\s*$/m.exec(text)
  return { text, link: link && link[0], code: code && code[1] }
}

/** The next mail to this address that nobody has been given yet. */
export async function nextMail(folder, to, timeoutMs = 15000) {
  const end = Date.now() + timeoutMs
  for (;;) {
    let names = []
    try {
      names = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort()
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
    for (const name of names) {
      if (seen.has(name)) continue
      const text = readFileSync(join(folder, name), 'utf8')
      if (!text.includes(`To: <${to}>\r\n`)) continue
      seen.add(name)
      return parsed(text)
    }
    if (Date.now() > end) throw new Error(`no mail to ${to} came within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const tokenOf = (mail) => new URL(mail.link).searchParams.get('token')

/** Follows a mail's link as a browser does, up to the page that it leads to. */
export async function follow(mail) {
  const answer = await fetch(mail.link, { redirect: 'manual' })
  if (answer.status !== 303) throw new Error(`the link answered ${answer.status}: ${await answer.text()}`)
  const target = new URL(answer.headers.get('location'))
  return { target, fragment: new URLSearchParams(target.hash.slice(1)), query: target.searchParams }
}
