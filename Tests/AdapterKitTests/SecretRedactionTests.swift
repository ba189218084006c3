import AdapterKit
import Testing

@Suite struct SecretRedactionTests {
  @Test(arguments: [
    (#"p"w\d"#, #"{"x":"p\"w\\d"}"#), ("a<b&c>", "<x>a&lt;b&amp;c&gt;</x>"),
    ("a b/c", "x=a%20b%2Fc&y"), ("plain-secret", "say plain-secret twice: plain-secret"),
    ("left/right", #""left\/right""#),
  ])
  func `finds a secret in every form in which it travels`(secret: String, text: String) {
    let masked = SecretRedaction(everyFormOf: [secret]).masked(text)
    #expect(masked.contains(SecretRedaction.mask))
    #expect(!masked.contains(secret))
    #expect(masked != text)
  }

  @Test func `finds a key wherever it is cut`() {
    let key = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9b
      ijGfNaumJNqM9u1PuKb7
      -----END PRIVATE KEY-----
      """
    let redaction = SecretRedaction(everyFormOf: [key])
    #expect(redaction.masked("x ijGfNaumJNqM9u1PuKb7 y") == "x [redacted] y")
    #expect(redaction.masked("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----")
    #expect(!redaction.masked("a\n\(key)\nb").contains("MC4CAQAwBQYDK2VwBCIEIEzNCJso"))
  }

  @Test func `keeps the length and the lines of what holds no secret`() {
    let text = String(repeating: "line\n", count: 1_000)
    #expect(SecretRedaction(["secret"]).masked(text) == text)
  }
}
