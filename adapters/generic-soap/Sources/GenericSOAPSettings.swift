import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import SOAPTransport
import Secrets

/// What `connections/<code>.yaml` says to this adapter.
struct GenericSOAPSettings: Sendable {
  var url: String
  var company: String
  var version: SOAPVersion
  /// With `{operation}` in it.
  var action: String
  /// In every request's header; nil without.
  var security: WSSecurity?
  var authorization: HTTPAuthorization
  var limits: SubmissionLimits
  var idempotency: AdapterDescriptor.Idempotency
  var table: OutcomeTable
  var redaction: SecretRedaction

  static let defaultBatchSize = 100
  static let largestBatch = 1_000
  static let defaultAction = WireName.namespace + ":{operation}"

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ settings: AdapterSettings, knownKeys: Set<String>) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    url = reader.value(or: "") { settings throws(Problem) in try settings.serviceURL() }
    company = reader.value(or: "") { settings throws(Problem) in try settings.text("company") }
    version = reader.value(or: .soap11) { settings throws(Problem) in
      try settings.choice("version", default: SOAPVersion.soap11)
    }
    action = reader.value(or: "") { settings throws(Problem) in
      try settings.optionalText("soapAction") ?? Self.defaultAction
    }
    let auth = reader.below("auth", knownKeys: ["type", "user", "password", "mustUnderstand"]) {
      Auth(&$0)
    }
    security = auth.security
    authorization = auth.authorization
    limits = SubmissionLimits(
      &reader, defaults: SubmissionLimits(batchSize: Self.defaultBatchSize),
      largestBatch: Self.largestBatch)
    idempotency = reader.value(or: .native) { settings throws(Problem) in
      try settings.choice("idempotency", default: AdapterDescriptor.Idempotency.native)
    }
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + OutcomeTable.Row.genericSOAP)
    redaction = SecretRedaction(auth.secrets)
    try reader.finish(knownKeys: knownKeys)
  }

  func action(of operation: WireOperation) -> String {
    action.replacing("{operation}", with: operation.rawValue)
  }

  /// The table `auth`.
  private struct Auth {
    enum Kind: String, CaseIterable { case none, usernameToken, usernameTokenDigest, basic }

    var security: WSSecurity?
    var authorization = HTTPAuthorization.none
    /// In every form in which they travel.
    var secrets: [String] = []

    init(_ reader: inout SettingsReader) {
      let kind = reader.value(or: Kind.none) { settings throws(Problem) in
        try settings.choice("type", default: .none)
      }
      let mustUnderstand = reader.value(or: true) { settings throws(Problem) in
        try settings.boolean("mustUnderstand", default: true)
      }
      guard kind != .none else { return }
      let user = reader.value(or: "") { settings throws(Problem) in try settings.text("user") }
      let password = reader.value(or: "") { settings throws(Problem) in
        try settings.requiredSecret("password")
      }
      secrets = [password, Data("\(user):\(password)".utf8).base64EncodedString()]
      if kind == .basic {
        authorization = .basic(user: user, password: Secret(password))
      } else {
        security = WSSecurity(
          user: user, password: Secret(password),
          kind: kind == .usernameToken ? .text : .digest, mustUnderstand: mustUnderstand)
      }
    }
  }
}
