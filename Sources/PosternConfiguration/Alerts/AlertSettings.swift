package import AdapterKit

/// What `alerts.yaml` says: who is told about exceptions, how, and who next.
package struct AlertSettings: Hashable, Sendable {
  /// The server that takes mail.
  package struct Mail: Hashable, Sendable {
    package enum Encryption: String, Hashable, Sendable, CaseIterable { case required, none }

    /// `smtp://host:port` or `smtps://host:port`.
    package var server: String
    package var from: String
    package var user: String?
    package var password: SecretReference?
    /// For `smtp:`, whether the connection has to change to TLS before anything is said.
    package var encryption: Encryption
  }

  package enum Recipient: Hashable, Sendable {
    case webhook(url: String, secret: SecretReference)
    case mail(address: String)
  }

  package struct Step: Hashable, Sendable {
    /// After the alert was raised.
    package var after: Duration
    package var recipients: [String]
  }

  package struct Rule: Hashable, Sendable {
    package var match: ExceptionMatch
    /// The first goes out at once.
    package var steps: [Step]
  }

  package var mail: Mail?
  package var recipients: [String: Recipient] = [:]
  /// In the order of the file: the first that matches decides.
  package var rules: [Rule] = []

  package init() {}
}

/// Where a source hears what became of its documents.
package struct WebhookSettings: Hashable, Sendable {
  package var url: String
  package var secret: SecretReference
}
