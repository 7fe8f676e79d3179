import ArgumentParser
import BakeModel
import BakePipeline

/// `bake why`: one form for every question.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "why",
        abstract: "Say why a stage ran, was cached or failed, or where a file of an image came from.",
        discussion: """
            bake why site              of the pipeline's latest bake
            bake why site 812          of build 812, or of the bake that made web@42
            bake why site --key        everything that goes into the stage
            bake why web@42:/srv/www/index.html
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(
        help: ArgumentHelp("A stage, or image or spec; or a path in an image, as web@42:/etc.", valueName: "stage"))
    var subject: String
    @Argument(
        help: ArgumentHelp("A build's number, or the generation that it made; the latest one.", valueName: "build"))
    var build: String?

    @Flag(help: "Print everything that goes into the stage: its key.")
    var key = false

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        if PathOriginReport.isPath(subject) {
            if build != nil || key {
                throw UsageError(subject: subject, reason: "a path takes neither a build nor --key")
            }
            return try PathOriginReport(session: session).tell(subject, store)
        }
        try StageReasonReport(session: session, hasKey: key).tell(subject, build, store)
    }
}
