import AdapterKit
import Ledger
import PosternConfiguration
import TestSupport
import Testing

@Suite struct SecretTests {
  /// The text that must never be seen.
  static let password = "hunter2-do-not-print"

  @Test(arguments: [
    (
      "connections/erp.yaml",
      "adapter: generic-rest\nurl: http://x\ncompany: C\nauth: { password: \(password) }\n",
      "connections/erp.yaml:4"
    ),
    (
      "connections/erp.yaml",
      "adapter: generic-rest\nurl: http://x\ncompany: C\nauth:\n  token: [\(password)]\n",
      "connections/erp.yaml:5"
    ),
    (
      "connections/erp.yaml",
      """
      adapter: generic-rest
      url: http://x
      company: C
      auth: { client_secret: { value: \(password) } }

      """,
      "connections/erp.yaml:4"
    ),
    (
      "connections/erp.yaml",
      "adapter: generic-rest\nurl: http://x\ncompany: C\nauth: { Api-Key: 'env \(password)' }\n",
      "connections/erp.yaml:4"
    ),
    (
      "connections/erp.yaml", "adapter: generic-rest\nurl: http://u:\(password)@x/y\ncompany: C\n",
      "connections/erp.yaml:2"
    ),
    (
      "connections/erp.yaml",
      "adapter: generic-rest\nurl: http://x\ncompany: C\nheaders: [{ privateKey: \(password) }]\n",
      "connections/erp.yaml:4"
    ),
    (
      "connections/erp.yaml",
      """
      adapter: generic-rest
      url: http://x
      company: C
      auth: { type: header, name: X-Key, value: \(password) }

      """,
      "connections/erp.yaml:4"
    ),
    ("sources/billing.yaml", "webhookSecret: \(password)\n", "sources/billing.yaml:1"),
    (
      "postern.yaml",
      "installation: 0123456789abcdef\nstore: { sqlite: x, password: \(password) }\n",
      "postern.yaml:2"
    ),
  ])
  func `a secret in a file is refused and never repeated`(
    file: String, text: String, pointer: String
  ) {
    let findings = SampleFolder([file: text]).all.map(\.problem)
    #expect(findings.filter { $0.code == "secret_inline" }.map(\.pointer) == [pointer])
    #expect(findings.allSatisfy { !"\($0)".contains(Self.password) })
  }

  @Test(arguments: [
    "auth: { password: \(password)\n", "auth: &x \(password)\n", "auth: !t \(password)\n",
    "\tauth: \(password)\n", "pasword: \(password)\n",
    "auth: { token: \(password), token: \(password) }\n",
    "timeouts: \(password)\n", "limits: { perSecond: \(password) }\n", "readBack: \(password)\n",
  ])
  func `no other fault repeats it either`(text: String) {
    let base = "adapter: generic-rest\nurl: http://x\ncompany: C\n"
    let findings = SampleFolder(["connections/erp.yaml": base + text]).all.map(\.problem)
    #expect(!findings.isEmpty)
    #expect(findings.allSatisfy { !"\($0)".contains(Self.password) })
  }

  @Test(arguments: ["auth: { token: env:ERP_TOKEN }", "auth: { key: file:/run/secrets/key }"])
  func `references pass`(text: String) {
    let base = "adapter: generic-rest\nurl: http://x@y/:z\ncompany: C\n"
    #expect(SampleFolder(["connections/erp.yaml": base + text]).findings == [])
  }

  @Test func `secrets come from variables and from files`() throws {
    let folder = try TemporaryFolder()
    try folder.write("sesame\n", to: "secrets/token")
    try folder.write("two\nlines\r\n", to: "secrets/two")
    try folder.write("", to: "secrets/empty")
    try folder.write([UInt8](repeating: 0x61, count: 1 << 20), to: "secrets/large")
    try folder.write([0xFF], to: "secrets/binary")
    let secrets = ConfiguredSecrets(
      environment: ["TOKEN": "open", "EMPTY": ""], folder: folder.path)
    #expect(secrets.secret(.environment("TOKEN")) == "open")
    #expect(secrets.secret(.environment("EMPTY")) == nil)
    #expect(secrets.secret(.environment("HOME")) == nil)
    #expect(secrets.secret(.file("secrets/token")) == "sesame")
    #expect(secrets.secret(.file(folder.path(of: "secrets/token"))) == "sesame")
    #expect(secrets.secret(.file("secrets/two")) == "two\nlines")
    for name in ["empty", "large", "binary", "absent"] {
      #expect(secrets.secret(.file("secrets/\(name)")) == nil)
    }
  }
}
