/// Why text is no reference.
public struct ReferenceFault: ExplainedError, Hashable {
    /// The whole text.
    public let text: String
    /// What is wrong with it.
    public let cause: Cause

    /// What may be wrong with a reference.
    public enum Cause: Hashable, Sendable {
        /// There is nothing before the path, or nothing at all.
        case empty
        /// This part is no name.
        case name(String)
        /// This part is no number of a generation.
        case number(String)
        /// No 6 to 64 lower-case hexadecimal digits follow `sha256:`.
        case digest
        /// These are not 4 to 40 lower-case hexadecimal digits.
        case commit(String)
        /// No number follows `~`.
        case steps(String)
        /// The brace after `@{` is not closed, or something follows it.
        case brace
        /// This is no time.
        case time(String)
        /// The path could leave the image.
        case path(TreePath.Fault)
        /// A slot is followed by the number of a generation.
        case slotNumber(Slot, String)
        /// A generation is followed by a moment, which only slots have.
        case momentOfGeneration(GenerationID)
        /// It names a host.
        case host
    }

    public var doing: String { "read the reference" }
    public var subject: String { text }
    public var exit: ExitCode { .usage }

    public var reason: String {
        switch cause {
        case .empty: "it names no image"
        case .name(let part): "\"\(part)\" is no name"
        case .number(let part): "\"\(part)\" is no number of a generation"
        case .digest: "a digest is sha256: and 64 lower-case hexadecimal digits, or at least the first 6 of them"
        case .commit(let part): "\"\(part)\" is no commit: 4 to 40 lower-case hexadecimal digits"
        case .steps(let part): "\"\(part)\" is no number of steps"
        case .brace: "after @{ comes a number or a time, then } and nothing else"
        case .time(let part): "\"\(part)\" is no time"
        case .path(.leavesRoot): "the path leads out of the image"
        case .path(.containsNUL): "the path contains a NUL character"
        case .path(.tooLong): "the path is longer than Linux allows"
        case .slotNumber(_, let number): "a slot has no number \(number)"
        case .momentOfGeneration: "a generation never moves, so it has no earlier state"
        case .host: "hosts are not in this version"
        }
    }

    public var hint: String? {
        switch cause {
        case .empty: "as in web@42, web:production or sha256:…"
        case .name: NameGrammar.explanation
        case .number, .digest, .path, .host: nil
        case .commit: "as in web@git-1a2b3c4"
        case .steps: "as in production~1, where a rollback would go"
        case .brace: "as in production@{1} or production@{2026-11-20T03:00}"
        case .time: ZonedTime.explanation
        case .slotNumber(let slot, let number):
            "the generation is \(slot.pipeline)@\(number); the slot \(number) moves ago is \(slot)@{\(number)}"
        case .momentOfGeneration(let generation): "a slot has one, as in \(generation.pipeline):production~1"
        }
    }
}
