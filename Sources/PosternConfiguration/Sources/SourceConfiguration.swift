package import AdapterKit
package import Intake
package import PostingRules

/// One billing system, as `sources/<code>.yaml` describes it.
package struct SourceConfiguration: Hashable, Sendable {
  package var source: IntakeSource
  /// Where the secret is that signs its webhooks; nil when it sends none.
  package var webhookSecret: SecretReference?
  /// How long its documents may wait for what they refer to; nil for the engine's own choice.
  package var waitLimit: Duration?
  /// What its documents have where they say nothing; nil for nothing.
  package var defaults: SourceDefaults?
  /// Where it hears what became of its documents; nil where it does not.
  package var webhook: WebhookSettings?
  /// `sources/demo.yaml`.
  package var place: String
}
