import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import TemplateAdapter
import Testing

@Suite struct TemplateAdapterTests {
  private func adapter() throws -> TemplateAdapter {
    try TemplateAdapter(
      settings: .test(["url": "https://erp.example", "company": "DE01"]),
      http: CurlHTTPClient(), now: { Moment(milliseconds: 0) })
  }

  @Test func `sends nothing before it is written`() async throws {
    let entry = SampleEntry.plain(1, try #require(Currency("EUR")))
    let outcome = try await adapter().submit([entry])[entry.key]
    guard case .retryLater? = outcome else {
      Issue.record("\(String(describing: outcome))")
      return
    }
    guard case .cannotTell = try await adapter().find(entry.key) else {
      Issue.record("it knows what it cannot know")
      return
    }
  }
}
