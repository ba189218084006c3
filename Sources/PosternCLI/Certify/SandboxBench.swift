internal import AdapterConformance
internal import AdapterKit
internal import Foundation
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration

/// An adapter in front of any ERP that may be filled with samples: its books are read where the
/// connection says, or by the adapter itself.
struct SandboxBench: ConformanceBench {
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets: [String]
  let functionalCurrency: Currency
  let run: UInt64
  let refusals: SampleEntry.Refusals
  private let faulty: FaultyHTTPClient
  /// nil for an adapter without folders.
  private let files: FaultyFileExchange?
  private let books: BooksReader
  /// Whether requests pass ``faulty``.
  private let isBetween: Bool
  private let gateway: FaultyGateway?
  private let mock: MockDesk?

  /// Nothing listens on the discard port.
  private static let nowhere = "http://127.0.0.1:9"

  /// - Parameters:
  ///   - gateway: stands before an ERP whose adapter sends its requests itself.
  ///   - mock: the ERP, where it is the bundled one.
  init(
    _ connection: ConnectionConfiguration, in folder: AdapterFolder?, currency: Currency,
    run: UInt64, refusals: SampleEntry.Refusals, gateway: FaultyGateway? = nil,
    mock: MockDesk? = nil
  ) throws {
    self.refusals = refusals
    self.gateway = gateway
    self.mock = mock
    let catalog = AdapterCatalog.standard
    let url = try connection.settings.text("url")
    let kind = catalog.kinds.first { $0.name == connection.adapter }
    isBetween = gateway != nil || folder?.kind != "process" && !url.hasPrefix("file:")
    faulty =
      try gateway?.http
      ?? FaultyHTTPClient(CurlHTTPClient(try HTTPConnectionSettings(connection).client)) {
        $0.url.hasPrefix(url) && (kind?.isSubmission ?? AdapterCatalog.changesSomething)($0)
      }
    files = try kind?.faultyFiles?(connection)
    adapter = try catalog.adapter(
      for: gateway.map { connection.pointed(at: $0.address) } ?? connection, in: folder,
      between: AdapterCatalog.Between(http: faulty, files: files))
    let elsewhere = url.hasPrefix("file:") ? url + "-not-there" : SandboxBench.nowhere
    unreachable = try catalog.adapter(for: connection.pointed(at: elsewhere), in: folder)
    if let folder = URL(string: elsewhere), folder.isFileURL {
      try? FileManager.default.removeItem(at: folder)
    }
    secrets = connection.settings.secretsInUse
    functionalCurrency = currency
    self.run = run
    books = BooksReader(connection: connection, adapter: adapter)
  }

  func booked(_ key: PostingKey) async throws -> [BookedPosting] {
    try await booked([key])[key] ?? []
  }

  func booked(_ keys: Set<PostingKey>) async throws -> [PostingKey: [BookedPosting]] {
    guard books.canRead else {
      throw NotApplicable(text: "The adapter does not read books, and 'readBack' is not set")
    }
    var found: [PostingKey: [BookedPosting]] = [:]
    for posting in try await books.postings(of: SampleEntry.period) {
      guard let key = posting.externalKey.flatMap({ PostingKey($0) }), keys.contains(key) else {
        continue
      }
      found[key, default: []].append(mock?.asNumbered(posting) ?? posting)
    }
    return found
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    if files?.arrange(fault) ?? (isBetween && faulty.arrange(fault)) { return true }
    return try await mock?.plant(fault) ?? false
  }

  func whyNot(_ fault: ConformanceFault) -> String {
    if files != nil { return "A folder gives no answers of its own" }
    return isBetween
      ? "The bench cannot \(fault)" : "Nobody stands between the adapter and this ERP"
  }

  func whyNot(_ answer: BadAnswer) -> String {
    isBetween ? "A gateway shows no certificate" : "Nobody stands between the adapter and this ERP"
  }

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(reason, functionalCurrency, refusals).map {
      SampleEntry.inRun(run, $0)
    }
  }

  func spoil(_ answer: BadAnswer) async throws -> Bool {
    if let files {
      files.spoil(answer)
      return true
    }
    // A gateway shows no certificate.
    guard isBetween, gateway == nil || answer != .foreignCertificate else { return false }
    faulty.spoil(answer)
    return true
  }

  func holdBack() -> Bool {
    if let files {
      files.holdBack()
      return true
    }
    if isBetween { faulty.holdBack() }
    return isBetween
  }

  func deliverLate() async {
    await files?.deliverLate()
    await faulty.deliverLate()
  }

  func settle() async throws { try await mock?.pickUp() }
}

extension ConnectionConfiguration {
  /// The same connection to another address.
  func pointed(at url: String) -> ConnectionConfiguration {
    let changed = settings.with(["url": SettingValue(.text(url), place: place)], at: place)
    var other = ConnectionConfiguration(
      id: id, adapter: adapter, settings: changed.over(settings), place: place)
    other.limits = limits
    other.timeouts = timeouts
    other.readBack = readBack
    return other
  }
}
