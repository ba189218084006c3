internal import ArgumentParser
internal import Digest
internal import Foundation
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// API keys.
struct Keys: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make, list and revoke API keys.",
    subcommands: [Create.self, ListKeys.self, Revoke.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a key. It is shown once; only a SHA-256 of its 256 random bits is kept.")

    @Option(help: "What people call it; it appears in the audit trail.")
    var name = "api"
    @Option(
      help: "Legal entities it may see and hand over documents of; default: all. May be repeated.")
    var entity: [String] = []
    @Option(help: "Comma-separated: submit, read, operate.")
    var rights = "submit,read"
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let installation = try Installation(options)
      let rights = self.rights.split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard !rights.isEmpty, rights.allSatisfy({ Principal.Right(rawValue: $0) != nil }) else {
        throw Problem(
          code: "usage", pointer: "--rights", detail: "'\(self.rights)' names an unknown right",
          fix: "Use " + Principal.Right.allCases.map(\.rawValue).joined(separator: ", "))
      }
      _ = try installation.entities(entity)
      let key = APIKeyText.random()
      let stored = StoredAPIKey(
        id: key.id, name: name, hash: SHA256.hash(key.text.utf8).bytes,
        entities: entity.map { LegalEntityID($0) }, rights: rights,
        createdAt: installation.clock.now)
      let name = name
      try await GroupCommit(store: try installation.openStore()).write { transaction in
        try transaction.insert(stored)
        try transaction.append(
          AuditRecord(
            at: stored.createdAt, actor: "operator", action: "key.created",
            detail: "\(stored.id) \(name)"))
      }
      if options.isJSON {
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("id")
          writer.string(key.id)
          writer.key("key")
          writer.string(key.text)
        }
        Console.print(bytes: writer.bytes)
      } else {
        Console.print(key.text)
        Console.error("Key \(key.id) is shown only now. Send it as 'Authorization: Bearer KEY'.")
      }
    }
  }

  struct ListKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List keys, without the keys themselves.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let keys = try Installation(options).openStore().read { try $0.apiKeys() }
      var listing = Listing(
        options, "keys",
        [
          ("Id", .left), ("Name", .left), ("Entities", .left), ("Rights", .left),
          ("Created", .left), ("Revoked", .left),
        ])
      for key in keys {
        let entities = key.entities.map(\.code).joined(separator: ", ")
        listing.add(
          [
            key.id, key.name, entities.isEmpty ? "all" : entities,
            key.rights.joined(separator: ", "), key.createdAt.text, key.revokedAt?.text ?? "",
          ]
        ) { writer in
          writer.object { writer in
            writer.key("id")
            writer.string(key.id)
            writer.key("name")
            writer.string(key.name)
            writer.key("entities")
            writer.array { writer in for entity in key.entities { writer.string(entity.code) } }
            writer.key("rights")
            writer.array { writer in for right in key.rights { writer.string(right) } }
            writer.key("createdAt")
            writer.string(key.createdAt.text)
            if let revokedAt = key.revokedAt {
              writer.key("revokedAt")
              writer.string(revokedAt.text)
            }
          }
        }
      }
      listing.finish()
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a key; a running service notices within seconds.")

    @Argument(help: "The key's id.")
    var id: String
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let installation = try Installation(options)
      let (id, now) = (id, installation.clock.now)
      let isRevoked = try await GroupCommit(store: try installation.openStore()).write {
        transaction in
        guard try transaction.revokeAPIKey(id, at: now) else { return false }
        try transaction.append(
          AuditRecord(at: now, actor: "operator", action: "key.revoked", detail: id))
        return true
      }
      guard isRevoked else {
        throw Problem(
          code: "not_found", pointer: id, detail: "No key in force has this id",
          fix: "See 'postern keys list'")
      }
      Console.print(options.isJSON ? #"{"revoked":true}"# : "Revoked.")
    }
  }
}

/// A new key: 256 random bits, and a short id to speak of it.
private struct APIKeyText {
  let id: String
  let text: String

  static func random() -> APIKeyText {
    let random = SecureRandom()
    return APIKeyText(
      id: Hex.encode(random.bytes(4)), text: "pk_" + Hex.encode(random.bytes(32)))
  }
}
