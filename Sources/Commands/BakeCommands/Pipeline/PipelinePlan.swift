import ArgumentParser
import BakeModel
import BakePipeline

/// `bake plan`: what a bake would do. Nothing is written.
struct PipelinePlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "plan", abstract: "Show what a bake would do, and why; nothing is written.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var source: SourceOptions

    @Flag(help: "Plan for uncommitted files as well.")
    var draft = false

    @Option(help: ArgumentHelp("Plan for 'bake --fresh STAGE'. May be repeated.", valueName: "stage"))
    var fresh: [String] = []

    @Flag(help: "Print the graph in the DOT language.")
    var dot = false

    @Flag(help: "Print the graph as a Mermaid flowchart.")
    var mermaid = false

    func run() throws {
        let form: PlanReport.Form = dot ? .dot : mermaid ? .mermaid : .table
        try PlanReport(session: CommandSession(global), form: form).tell(source, isDraft: draft, fresh: fresh)
    }
}

/// What a bake would do, in one of the forms of a plan.
struct PlanReport {
    /// How a plan is written; `--json` wins over it.
    enum Form { case table, dot, mermaid }

    let session: CommandSession
    var form = Form.table

    func tell(_ source: SourceOptions, isDraft: Bool, fresh: [String] = []) throws {
        let store = try session.openStoreIfThere()
        let inputs = try source.inputs(session, store, isDraft: isDraft)
        var request = try session.bakeRequest(jobs: nil, isDraft: isDraft)
        request.fresh = Set(try fresh.map(inputs.node))
        let plan = try BakePlanning(store: store, inputs: inputs, request: request).plan()
        if session.options.json { return session.console.document(PlanDocument(plan).json) }
        switch form {
        case .table: session.console.verbatim(PlanTable(plan).text)
        case .dot: session.console.verbatim(PlanGraph.dot(plan))
        case .mermaid: session.console.verbatim(PlanGraph.mermaid(plan))
        }
    }
}
