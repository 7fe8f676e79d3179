import ArgumentParser
import BakeModel
import Glibc

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

    /// Reads the words, does what they ask, and ends the process with the code of the outcome.
    public static func run() -> Never {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(GlobalOptions.behindCommand(Array(CommandLine.arguments.dropFirst())))
            try command.run()
            Glibc.exit(ExitCode.done.rawValue)
        } catch let end as ProgramEnd {
            Glibc.exit(end.status)
        } catch let end as SilentExit {
            Glibc.exit(end.code.rawValue)
        } catch let error as any ExplainedError {
            let console = Console(isQuiet: false, environment: [:])
            for line in CommandFailure.lines(error) { console.complain(line) }
            Glibc.exit(error.exit.rawValue)
        } catch {
            endParsing(error)
        }
    }

    /// argument-parser's own ends: help and version (0), and wrong words, whose 64 is bake's 2.
    private static func endParsing(_ error: any Error) -> Never {
        let console = Console(isQuiet: false, environment: [:])
        let message = fullMessage(for: error)
        guard exitCode(for: error) != .success else {
            console.result(message)
            Glibc.exit(0)
        }
        console.complain(message)
        Glibc.exit(ExitCode.usage.rawValue)
    }
}

/// What this executable calls itself.
enum BakeVersion {
    static let text = "0.1.0"
}
