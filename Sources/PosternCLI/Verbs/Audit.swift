internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import LedgerJSON
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// The audit trail.
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the audit trail, sign it, and take evidence out of it.",
    subcommands: [Verify.self, Checkpoint.self, Export.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recompute the hash chain, and compare it with its signed checkpoints.",
      discussion: "Names the first record that was changed, removed, inserted or moved.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let installation = try Installation(options)
      let key = try installation.notary()?.publicKey
      let (checkpoints, problem) = try installation.openStore()
        .verifyAudit(with: CheckpointCheck(key: key))
      if options.isJSON {
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("intact")
          writer.bool(problem == nil)
          writer.key("checkpoints")
          writer.number(checkpoints)
          writer.key("signaturesChecked")
          writer.bool(key != nil)
          if let problem {
            writer.key("problem")
            writer.write(problem)
          }
        }
        Console.print(bytes: writer.bytes)
      } else if let problem {
        Console.print(problem.text)
      } else {
        let signatures = key == nil ? "signatures unchecked: no key is configured" : "signed by us"
        Console.print("The chain is intact. Checkpoints: \(checkpoints), \(signatures).")
      }
      if problem != nil { throw ExitStatus.doneWithTrouble.code }
    }
  }

  struct Checkpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sign the last record, here and in the file beside the store.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let installation = try Installation(options)
      guard let notary = try installation.notary() else { throw Audit.noKey }
      let store = try installation.openStore()
      let signed = try await Checkpoints(
        store: store, commit: GroupCommit(store: store), notary: notary, clock: installation.clock
      ).sign()
      let last = try signed ?? store.read { try $0.lastCheckpoint() }
      if options.isJSON {
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("isNew")
          writer.bool(signed != nil)
          if let last {
            writer.key("record")
            writer.number(Int(last.checkpoint.number))
            writer.string("at", last.checkpoint.at.text)
          }
        }
        Console.print(bytes: writer.bytes)
      } else {
        let what = signed == nil ? "Signed already" : "Signed"
        Console.print(last.map { "\(what): record \($0.checkpoint.number)." } ?? "Nothing to sign.")
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a folder that proves what happened, and verifies without Postern.",
      discussion: "See docs/audit.md: sh verify.sh, or sha256sum and openssl by hand.")

    @Option(help: ArgumentHelp("One document: SOURCE/TYPE/ID.", valueName: "id"))
    var document: String?
    @Option(help: "A legal entity, with --period.")
    var entity: String?
    @Option(help: "A period, with --entity: 2026-10.")
    var period: String?
    @Option(help: "The folder to make.")
    var to = "evidence"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let subject = try subject()
      let installation = try Installation(options)
      let store = try installation.openStore()
      let notary = try installation.notary()
      if let notary {
        _ = try await Checkpoints(
          store: store, commit: GroupCommit(store: store), notary: notary,
          clock: installation.clock
        ).sign()
      }
      let folder = URL(fileURLWithPath: to)
      let files = try store.read {
        try EvidencePack.write(subject, to: folder, key: notary?.publicKey, in: $0)
      }
      if options.isJSON {
        var writer = JSONWriter()
        writer.object { writer in
          writer.string("folder", folder.path)
          writer.key("files")
          writer.number(files)
          writer.key("isSigned")
          writer.bool(notary != nil)
        }
        Console.print(bytes: writer.bytes)
      } else {
        let signed = notary == nil ? "; not signed: no key is configured" : ""
        Console.print("\(folder.path): \(files) files\(signed). Check it with 'sh verify.sh'.")
      }
    }

    private func subject() throws -> EvidencePack.Subject {
      if let document, entity == nil, period == nil {
        guard let identity = DocumentIdentity(document) else {
          throw Problem(
            code: "usage", pointer: document, detail: "This is no document's name",
            fix: "Write SOURCE/TYPE/ID, for instance billing-eu/invoice/INV-1")
        }
        return .document(identity)
      }
      guard document == nil, let entity, let period = period.flatMap({ FiscalPeriod($0) }) else {
        throw Problem(
          code: "usage", detail: "Nothing says what the evidence is about",
          fix: "Use --document SOURCE/TYPE/ID, or --entity CODE with --period 2026-10")
      }
      return .period(period, of: LegalEntityID(entity))
    }
  }

  private static let noKey = Problem(
    code: "audit_key_missing", pointer: "postern.yaml",
    detail: "No key is configured that could sign",
    fix: "Make one with 'openssl genpkey -algorithm ed25519 -out audit.pem' and name it: "
      + "audit: { key: file:audit.pem }")
}
