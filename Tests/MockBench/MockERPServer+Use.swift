package import MockERP

extension MockERPServer {
  /// Starts a server, and stops it when `use` ends.
  ///
  /// - Parameter use: gets the server, and another that is gone: nothing answers at its port.
  package static func use<Value>(
    _ configuration: MockERPConfiguration,
    _ use: (_ server: MockERPServer, _ gone: MockERPServer) async throws -> Value
  ) async throws -> Value {
    let server = try await start(configuration)
    do {
      let gone = try await start(MockERPConfiguration())
      await gone.stop()
      let value = try await use(server, gone)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
    }
  }
}
