import Digest
import Foundation
import Ledger
import PosternService
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

@Suite struct EvidencePackTests {
  let folder: TemporaryFolder
  let store: SQLStore
  let notary: Notary

  init() throws {
    folder = try TemporaryFolder("pack")
    store = try SQLStore(file: URL(fileURLWithPath: folder.path(of: "store.sqlite")))
    // RFC 8032, section 7.1, test 2.
    let key = try #require(
      SigningKey(
        pem: """
          -----BEGIN PRIVATE KEY-----
          MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
          -----END PRIVATE KEY-----
          """))
    notary = Notary(installation: "test-installation", key: key, every: 1)
    for number in 1...3 { try accept("INV-\(number)") }
    _ = try store.write { try notary.sign(at: Moment(milliseconds: 9), in: $0) }
    try accept("INV-4")
  }

  /// Takes an invoice in that misses every account: what counts here is its trail.
  private func accept(_ id: String) throws {
    guard let euro = Currency("EUR"), let day = CalendarDate("2026-03-02") else { return }
    let amount = try Money("10.00", euro)
    let zero = Money.zero(euro)
    let entity = LegalEntityID("DE01")
    let document = Document(
      identity: DocumentIdentity(source: "billing", type: .invoice, id: id), entity: entity,
      reference: id, documentDate: day, currency: euro, customer: Customer(id: "C-1"),
      approval: Approval(by: "run", at: nil),
      body: .invoice(
        Invoice(
          content: BilledContent(
            lines: [DocumentLine(id: "1", product: "P", net: amount)],
            totals: DocumentTotals(
              net: amount, tax: zero, gross: amount, rounding: zero, prepaid: zero)))))
    let rules = EntityRules(
      entity: LegalEntity(id: entity, name: "One", country: "DE", functionalCurrency: euro))
    let acceptance = Acceptance(
      ruleBook: RuleBook(
        version: "sha256:0", entities: [entity: rules], accounts: AccountDetermination([])),
      installation: "test-installation")
    var converter = acceptance.makeConverter()
    let prepared = try acceptance.prepare(document, using: &converter)
    _ = try store.write {
      try acceptance.accept(
        prepared, at: Moment(milliseconds: 5), using: &converter, in: $0)
    }
  }

  private func export(_ id: String, to name: String) throws {
    let identity = DocumentIdentity(source: "billing", type: .invoice, id: id)
    let target = URL(fileURLWithPath: folder.path(of: name))
    _ = try store.read {
      try EvidencePack.write(.document(identity), to: target, key: notary.publicKey, in: $0)
    }
  }

  private func run(_ command: String, in name: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path(of: name))
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test func `sha256sum and openssl verify a pack without Postern`() throws {
    try export("INV-2", to: "pack")
    #expect(try run("sha256sum -c MANIFEST.sha256", in: "pack") == 0)
    let verify = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in checkpoint.txt "
    #expect(try run(verify + "-sigfile checkpoint.sig", in: "pack") == 0)
    #expect(try run("sh verify.sh", in: "pack") == 0)
    let chain = try folder.names(in: "pack/chain")
    #expect(chain.count >= 2 && chain == chain.sorted())
    #expect(try folder.names(in: "pack/documents") == ["2.json"])
    // The content is what the chain vouches for.
    let hash = SHA256.hash(try folder.read("pack/documents/2.json"))
    let report = String(decoding: try folder.read("pack/reports/2.json"), as: UTF8.self)
    #expect(report.contains(hash.hex))
  }

  @Test(arguments: ["documents/2.json", "checkpoint.txt", "reports/2.json"])
  func `a file that was changed shows`(path: String) throws {
    try export("INV-2", to: "pack")
    try folder.write(try folder.read("pack/" + path) + [0x20], to: "pack/" + path)
    #expect(try run("sha256sum -c MANIFEST.sha256", in: "pack") != 0)
  }

  @Test func `a record written anew shows, also when the list of files is, too`() throws {
    try export("INV-2", to: "pack")
    let first = try #require(try folder.names(in: "pack/chain").first)
    var bytes = try folder.read("pack/chain/" + first)
    bytes[bytes.count - 1] ^= 1
    try folder.write(bytes, to: "pack/chain/" + first)
    let renew = "find . -type f ! -name MANIFEST.sha256 | sed 's#^./##' | xargs sha256sum"
    #expect(try run(renew + " > MANIFEST.sha256 && sh verify.sh", in: "pack") != 0)
  }

  @Test func `what no checkpoint covers says so, and a folder is never overwritten`() throws {
    try export("INV-4", to: "pack")
    #expect(!folder.exists("pack/checkpoint.txt"))
    #expect(try run("sh verify.sh", in: "pack") == 0)
    let problem = #expect(throws: Problem.self) { try export("INV-4", to: "pack") }
    #expect(problem?.code == "folder_not_empty")
    let missing = #expect(throws: Problem.self) { try export("INV-9", to: "other") }
    #expect(missing?.code == "not_found")
  }
}
