"""Mails as a person reads them, and callers that come all at the same time."""
import email
import email.policy
import re
import threading
import urllib.parse


class Mail:
    """A mail as a person reads it."""

    def __init__(self, data):
        self.message = email.message_from_bytes(data, policy=email.policy.default)
        self.to = self.message["To"]
        self.subject = self.message["Subject"]
        self.text = self.message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        self.html = self.message.get_body(("html",)).get_content()
        link = re.search(r"https?://\S+/auth/v1/verify\?\S+", self.text)
        self.link = link and link.group()
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.link).query)) if link else {}
        self.token = self.query.get("token")
        self.code = re.search(r": (\d{6})$", self.text, re.M).group(1)


def mails_in(folder, address=None):
    all_of_them = [Mail(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]
    return [mail for mail in all_of_them if address in (None, mail.to)]


def secrets_in(text, secrets):
    """Those that stand in the text. A code's digits within a longer number, or behind a second's point, are none."""
    return [one for one in secrets if re.search(rf"(?<![0-9A-Za-z.]){re.escape(one)}(?![0-9A-Za-z])", text)]


def at_once(actions):
    """Runs all of them at the same time; their results, in order."""
    results = [None] * len(actions)

    def run(index):
        results[index] = actions[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
