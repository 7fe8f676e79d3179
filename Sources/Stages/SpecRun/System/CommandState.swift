/// A command that ran in the image.
struct CommandState: ResourceState {
    let outcome: Result<CommandOutcome, any Error>

    /// Runs it.
    init(_ request: CommandRequest, on runner: any ProgramRunner) {
        outcome = Result { try runner.run(request.program, timeout: request.timeout) }
    }

    func value(of property: Property) throws -> FoundValue {
        let outcome = try outcome.get()
        switch property {
        case .exitStatus:
            // -1 for a shell that a signal ended, as Go's `WaitStatus.ExitStatus` has it.
            if case .exited(let status) = outcome.ending { return .number(Int64(status)) }
            return .number(-1)
        case .stdout: return .text(outcome.output)
        case .stderr: return .text(outcome.errors)
        default: throw StateError.unasked(property, of: "the command")
        }
    }

    /// A number says little about why a command failed; what it wrote last mostly does.
    func background(of property: Property) -> String? {
        guard property == .exitStatus, let outcome = try? outcome.get() else { return nil }
        let lines = [outcome.errors, outcome.output].lazy
            .map {
                String(decoding: $0.suffix(Self.longest), as: UTF8.self).split(separator: "\n").suffix(Self.mostLines)
            }
        return lines.first { !$0.isEmpty }?.joined(separator: "\n")
    }

    private static let mostLines = 5
    private static let longest = 1000
}
