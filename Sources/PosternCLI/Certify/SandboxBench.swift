internal import AdapterConformance
internal import AdapterKit
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
  private let books: BooksReader
  private let speaksHTTP: Bool

  /// Nothing listens on the discard port.
  private static let nowhere = "http://127.0.0.1:9"

  init(
    _ connection: ConnectionConfiguration, in folder: AdapterFolder?, currency: Currency,
    run: UInt64, refusals: SampleEntry.Refusals
  ) throws {
    self.refusals = refusals
    let catalog = AdapterCatalog.standard
    let url = try connection.settings.text("url")
    let kind = catalog.kinds.first { $0.name == connection.adapter }
    faulty = FaultyHTTPClient(CurlHTTPClient(try HTTPConnectionSettings(connection).client)) {
      $0.url.hasPrefix(url) && (kind?.isSubmission ?? AdapterCatalog.changesSomething)($0)
    }
    adapter = try catalog.adapter(for: connection, in: folder, http: faulty)
    unreachable = try catalog.adapter(
      for: connection.pointed(at: SandboxBench.nowhere), in: folder)
    secrets = connection.settings.secretsInUse
    functionalCurrency = currency
    self.run = run
    books = BooksReader(connection: connection, adapter: adapter)
    speaksHTTP = folder?.kind != "process"
  }

  func booked(_ key: PostingKey) async throws -> [BookedPosting] {
    guard books.canRead else {
      throw NotApplicable(text: "The adapter does not read books, and 'readBack' is not set")
    }
    return try await books.postings(of: SampleEntry.period).filter { $0.externalKey == key.text }
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
      found[key, default: []].append(posting)
    }
    return found
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    speaksHTTP && faulty.arrange(fault)
  }

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(reason, functionalCurrency, refusals).map {
      SampleEntry.inRun(run, $0)
    }
  }

  func spoil(_ answer: BadAnswer) async throws -> Bool {
    guard speaksHTTP else { return false }
    faulty.spoil(answer)
    return true
  }

  func holdBack() -> Bool {
    if speaksHTTP { faulty.holdBack() }
    return speaksHTTP
  }

  func deliverLate() async { await faulty.deliverLate() }

  func settle() async throws {}
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
