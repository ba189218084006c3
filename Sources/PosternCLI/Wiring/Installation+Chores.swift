internal import AdapterKit
internal import Foundation
internal import HTTPTransport
internal import Intake
internal import Ledger
internal import Messaging
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import SQLStore

extension Installation {
  /// What the service does again and again beside the engine.
  ///
  /// - Parameter onChange: called when there is something new to deliver.
  func chores(
    store: SQLStore, commit: GroupCommit, onChange: @escaping @Sendable () -> Void
  ) throws -> (each: [ChoresService.Chore], last: [ChoresService.Chore]) {
    let clock = clock
    let desk = exceptionDesk(store, commit: commit)
    var chores = [ChoresService.Chore("ending holds") { _ = try await desk.endHolds() }]
    let summaries = summaryRound(store: store, commit: commit)
    chores.append(
      ChoresService.Chore("summarising", every: SummaryRound.interval) {
        if try await summaries.run() > 0 { onChange() }
      })
    var last: [ChoresService.Chore] = []
    let sender = try NoticeSender(self)
    let alerts = AlertRound(policy: AlertPolicy(configuration.alerts)) { message, recipient in
      (message.subject, sender.isMail(recipient) ? message.text : message.json)
    }
    chores.append(
      ChoresService.Chore("raising alerts") {
        let now = clock.now
        guard try store.read({ try alerts.isNeeded(at: now, in: $0) }) else { return }
        _ = try await commit.write { try alerts.look(at: now, in: $0) }
      })
    let hooks = configuration.sources.compactMap { $0.webhook == nil ? nil : $0.source.code }
    if !hooks.isEmpty {
      let relay = EventRelay(store: store, commit: commit, sources: hooks)
      chores.append(
        ChoresService.Chore("reading events") { while try await relay.run() > 0 {} })
    }
    let delivery = NoticeDelivery(store: store, commit: commit, sender: sender, clock: clock)
    chores.append(
      ChoresService.Chore("sending messages") { while try await delivery.run() > 0 {} })
    if let notary = try notary() {
      let checkpoints = Checkpoints(store: store, commit: commit, notary: notary, clock: clock)
      chores.append(ChoresService.Chore("signing") { try await checkpoints.signIfDue() })
      last.append(ChoresService.Chore("signing") { _ = try await checkpoints.sign() })
    }
    return (chores, last)
  }
}

extension Installation {
  func summaryRound(store: SQLStore, commit: GroupCommit) -> SummaryRound {
    let now = clock.now
    return SummaryRound(
      acceptance, store: store, commit: commit, clock: clock,
      zones: configuration.rules.entities.mapValues {
        ClockOffsets(of: $0.entity.timeZone, around: now)
      })
  }
}

/// Carries messages to the recipients that the configuration names.
struct NoticeSender: NoticeSending {
  private enum Way {
    case webhook(Webhook)
    case mail(MailServer, address: String)
  }

  private let ways: [String: Way]

  /// - Throws: ``Problem`` `secret_missing`.
  init(_ installation: Installation) throws {
    let alerts = installation.configuration.alerts
    let secrets = installation.secrets
    func secret(_ reference: SecretReference) throws -> Secret {
      guard let text = secrets.secret(reference) else {
        throw Problem(
          code: "secret_missing", pointer: "alerts.yaml", detail: "\(reference) holds no secret",
          fix: "Set the variable, or write the file")
      }
      return Secret(text)
    }
    let http = CurlHTTPClient()
    let server = try alerts.mail.map { mail in
      MailServer(
        url: mail.server, sender: mail.from, user: mail.user,
        password: try mail.password.map { try secret($0) },
        requiresTLS: mail.encryption == .required)
    }
    var ways: [String: Way] = [:]
    for (name, recipient) in alerts.recipients {
      switch recipient {
      case .webhook(let url, let reference):
        ways[name] = .webhook(Webhook(http, url: url, secret: try secret(reference)))
      case .mail(let address):
        if let server { ways[name] = .mail(server, address: address) }
      }
    }
    for source in installation.configuration.sources {
      guard let webhook = source.webhook else { continue }
      ways[EventRelay.recipient(of: source.source.code)] = .webhook(
        Webhook(http, url: webhook.url, secret: try secret(webhook.secret)))
    }
    self.ways = ways
  }

  func isMail(_ recipient: String) -> Bool {
    if case .mail = ways[recipient] { true } else { false }
  }

  func send(_ notice: StoredNotice) async -> String? {
    let message = notice.notice
    switch ways[message.recipient] {
    case .webhook(let webhook):
      return await webhook.post(
        message.content, id: "notice-\(notice.id)", at: WallClock().now.milliseconds / 1_000)
    case .mail(let server, let address):
      return await server.send(
        Mail(
          subject: message.subject, text: message.content, id: "notice-\(notice.id)",
          date: message.createdAt), to: address)
    case nil: return "The configuration has no recipient '\(message.recipient)'"
    }
  }
}
