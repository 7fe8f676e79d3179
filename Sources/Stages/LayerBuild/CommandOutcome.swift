import RootFilesystem

extension RunOutcome {
    /// Checks that a command did what it was to do.
    /// - Parameters:
    ///   - command: as people know it.
    ///   - lastLines: what it printed last; asked for only where it failed.
    /// - Throws: `LayerFault.commandFailed`, `.limitExceeded`.
    func demandSuccess(of command: String, _ limits: SandboxLimits, lastLines: () throws -> String) throws {
        if let exceeded {
            throw LayerFault.limitExceeded(command, exceeded, limits, lastLines: try lastLines())
        }
        guard ending.succeeded else {
            throw LayerFault.commandFailed(command, ending: ending.explanation, lastLines: try lastLines())
        }
    }
}
