internal import Foundation
package import Ledger

/// A short text for one person.
package struct Mail: Hashable, Sendable {
  package var subject: String
  package var text: String
  /// The same whenever the message is repeated, so that the receiver may drop the repeat.
  package var id: String
  package var date: Moment

  package init(subject: String, text: String, id: String, date: Moment) {
    self.subject = subject
    self.text = text
    self.id = id
    self.date = date
  }

  private static let longestSubject = 200

  /// The message as RFC 5322 has it: plain text in UTF-8, in lines of 76 characters of Base64.
  func message(from sender: String, to address: String) -> [UInt8] {
    let domain = sender.split(separator: "@").last.map { String($0) } ?? "localhost"
    let headers = [
      "From: \(Mail.oneLine(sender))", "To: \(Mail.oneLine(address))",
      "Subject: \(Mail.encoded(String(Mail.oneLine(subject).prefix(Mail.longestSubject))))",
      "Date: \(Mail.dateText(date))", "Message-ID: <\(Mail.oneLine(id))@\(Mail.oneLine(domain))>",
      "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
    ]
    let body = Data(text.utf8).base64EncodedString(
      options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
    return Array((headers.joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n").utf8)
  }

  /// A line break in a value would begin a header of its own.
  private static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
  }

  /// RFC 2047, in words of at most 75 characters.
  private static func encoded(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var words: [String] = []
    var word = ""
    for character in text {
      if (word + String(character)).utf8.count > 42 {
        words.append(word)
        word = ""
      }
      word.append(character)
    }
    words.append(word)
    return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }
      .joined(separator: "\r\n ")
  }

  /// `Mon, 23 Nov 2026 00:08:02 +0000`
  private static func dateText(_ moment: Moment) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
    return formatter.string(
      from: Date(timeIntervalSince1970: TimeInterval(moment.milliseconds / 1_000)))
  }
}
