import ArgumentParser
import BakeModel
import Glibc
import LinuxSystem

/// The command `bake`.
public struct BakeCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "bake",
        abstract: "Turns a git commit into an immutable image, proves that it works, and moves it, byte for byte.",
        discussion: """
            A commit becomes an image, a generation, and moves between environments:
              init build test promote rollback status diff audit
            References: web@42, web, production, web:production~1, production@{yesterday}, sha256:…
            Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 not found, 5 damaged, 6 lost a race, 130 interrupted.
            """,
        version: BakeVersion.text,
        subcommands: [
            PipelineInit.self, PipelineBuild.self, PipelinePlan.self, PipelineLock.self, GenerationTest.self,
            SlotPromote.self, SlotRollback.self, GenerationApprove.self, GenerationReject.self,
            SlotFreezeCommand.self, SlotThaw.self, StoreStatus.self,
            StoreAudit.self, GenerationShow.self, GenerationHistory.self, GenerationDiff.self, GenerationEnter.self,
            PipelineOutput.self,
            WhyCommand.self,
            GenerationExport.self, GenerationRebake.self, EnvironmentCommand.self, StoreCheckCommand.self,
            StoreCollect.self, GenerationPinCommand.self, GenerationUnpin.self, StoreBackup.self, StoreRestore.self,
            DoctorCommand.self,
            EvidenceShow.self, GenerationAttest.self, KeyCommand.self,
        ],
        defaultSubcommand: PipelineBuild.self)

    public init() {}

    /// Reads the words, does what they ask, and ends the process with the code of the outcome; a result that did not arrive
    /// is a failure.
    /// - Parameters:
    ///   - words: what stands behind the program's name.
    ///   - helpers: does the work of the helper with this name, and ends the process.
    public static func run(_ words: [String], helpers: (String) -> Void) -> Never {
        signal(SIGPIPE, SIG_IGN)
        StandardOutput.occupyClosedStreams()
        if CommandWords.readCommit(words) { PreforkedHelper.prepare(helpers) }
        let status = status(of: words)
        guard let loss = StandardOutput.shared.finish() else { Glibc.exit(status) }
        tell(loss)
        Glibc.exit(status == ExitCode.done.rawValue ? loss.exit.rawValue : status)
    }

    private static func status(of words: [String]) -> Int32 {
        let words = GlobalOptions.behindCommand(words)
        do {
            try CommandWords.confirm(words)
            var command = try CommandWords.command(words)
            try command.run()
            return ExitCode.done.rawValue
        } catch let end as ProgramEnd {
            return end.status
        } catch let end as SilentExit {
            return end.code.rawValue
        } catch let error as any ExplainedError {
            tell(error)
            if error.exit == .notFound { tellMeant(words, beside: error.hint) }
            return error.exit.rawValue
        } catch {
            return endParsing(error, words)
        }
    }

    private static func tell(_ error: any ExplainedError) {
        let console = Console(isQuiet: false, environment: [:])
        CommandFailure.lines(error).forEach(console.complain)
    }

    /// A word that is no command is taken for a pipeline: what else it may have meant.
    private static func tellMeant(_ words: [String], beside hint: String? = nil) {
        guard let line = CommandWords.meant(by: words, isHinted: hint != nil) else { return }
        Console(isQuiet: false, environment: [:]).complain("hint: \(TerminalText.escaped(line))")
    }

    /// argument-parser's own ends: help and version (0), and wrong words, whose 64 is bake's 2.
    private static func endParsing(_ error: any Error, _ words: [String]) -> Int32 {
        let console = Console(isQuiet: false, environment: [:])
        let message = fullMessage(for: error)
        guard exitCode(for: error) != .success else {
            console.result(message)
            return ExitCode.done.rawValue
        }
        console.complain(message)
        tellMeant(words)
        return ExitCode.usage.rawValue
    }
}

/// What this executable calls itself.
enum BakeVersion {
    static let text = "0.1.0"
}
