import BakeModel
import Testing

@testable import SpecRun

/// What Go's text/template makes of the same text, as its documentation says it.
@Suite struct TemplateTests {
    static let variables = """
        name: web
        port: 8080
        ratio: 1.5
        on: true
        off: false
        none: ~
        empty: []
        users: [alice, bob]
        ports: {http: 80, https: 443}
        deep: {a: {b: [x, {c: found}]}}
        quoted: 'a "b"'
        """

    /// A template filled in with the variables above.
    static func text(_ template: String) throws -> String {
        let variables = try SpecVariables(parsing: Array(Self.variables.utf8), name: "vars.yaml")
        let context = SpecContext(variables: variables, environment: ["HOME": "/root"])
        return try RenderedSpec(template, name: "goss.yaml", context) { _ in "  read\n" }.text
    }

    /// `line:column message` of the fault.
    static func fault(_ template: String) -> String {
        do {
            return "no fault: \(try text(template))"
        } catch let faults as SourceFaults {
            return faults.faults.map { "\($0.line):\($0.column) \($0.message)" }.joined(separator: "; ")
        } catch {
            return String(describing: error)
        }
    }

    static let table: [(String, String)] = [
        ("plain", "plain"), ("a{{.Vars.name}}b", "awebb"), ("{{ .Env.HOME }}", "/root"),
        ("a  {{- .Vars.port -}}  b", "a8080b"), ("a {{- /* gone */ -}} b", "ab"), ("{{/* x */}}y", "y"),
        ("{{.Vars.ratio}} {{.Vars.on}} {{.Vars.none}}", "1.5 true <no value>"),
        ("{{.Vars.users}} {{.Vars.ports}}", "[alice bob] map[http:80 https:443]"),
        ("{{if .Vars.on}}a{{else}}b{{end}}", "a"), ("{{if .Vars.empty}}a{{else if .Vars.off}}b{{else}}c{{end}}", "c"),
        ("{{if and .Vars.on (not .Vars.off)}}a{{end}}", "a"), ("{{if or .Vars.off .Vars.name}}a{{end}}", "a"),
        ("{{with .Vars.ports}}{{.http}}{{end}}{{with .Vars.empty}}x{{else}}y{{end}}", "80y"),
        ("{{range .Vars.users}}<{{.}}>{{end}}", "<alice><bob>"),
        ("{{range $i, $u := .Vars.users}}{{$i}}={{$u}} {{end}}", "0=alice 1=bob "),
        ("{{range $k, $v := .Vars.ports}}{{$k}}:{{$v}} {{end}}", "http:80 https:443 "),
        ("{{range .Vars.empty}}a{{else}}none{{end}}", "none"), ("{{range 3}}{{.}}{{end}}", "012"),
        ("{{range .Vars.users}}{{if eq . \"bob\"}}{{break}}{{end}}{{.}}{{end}}", "alice"),
        ("{{range .Vars.users}}{{if eq . \"alice\"}}{{continue}}{{end}}{{.}}{{end}}", "bob"),
        ("{{range .Vars.users}}{{$.Vars.port}}{{end}}", "80808080"),
        ("{{$x := 1}}{{range .Vars.users}}{{$x = add $x 1}}{{end}}{{$x}}", "3"),
        ("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", "1"),
        ("{{define \"a\"}}[{{.}}]{{end}}{{template \"a\" .Vars.name}}", "[web]"),
        ("{{block \"b\" .Vars.port}}{{.}}{{end}}", "8080"), ("{{(index .Vars.users 1)}}", "bob"),
        ("{{(index .Vars.deep.a.b 1).c}}", "found"), ("{{index .Vars.ports \"http\"}}", "80"),
        ("{{index .Vars \"nope\"}}", "<no value>"), ("{{len .Vars.users}} {{len \"äb\"}}", "2 3"),
        (
            "{{eq .Vars.port 8080}} {{eq .Vars.name \"a\" \"web\"}} {{ne 1 2}} {{lt 1 2}} {{ge 2 2}} {{gt \"b\" \"a\"}}",
            "true true true true true true"
        ),
        (
            "{{printf \"%5.2f|%-4d|%q|%v|%x\" .Vars.ratio .Vars.port .Vars.name .Vars.users 255}}",
            " 1.50|8080|\"web\"|[alice bob]|ff"
        ),
        ("{{print 1 2 \"a\" 3}}", "1 2a3"),
        (
            "{{`raw \\n`}} {{\"tab\\t\\u00e4\"}} {{'a'}} {{0x1f}} {{1_000}}",
            "raw \\n tab\tä 97 31 1000"
        ),
    ]

    @Test(arguments: table)
    func fillsIn(template: String, expected: String) throws {
        #expect(try Self.text(template) == expected)
    }

    static let faults: [(String, String)] = [
        ("a\n  {{.Vars.nope}}", "2:5 there is no \"nope\" here"), ("{{.Vars.name.x}}", "1:3 text has no \"x\""),
        ("{{if .Vars.on}}", "1:1 this has no \"end\""), ("{{end}}", "1:1 there is nothing that \"end\" could end"),
        ("{{ .Vars.name", "1:1 this action has no end"), ("{{ nope 1 }}", "1:4 there is no function \"nope\""),
        ("{{ $x }}", "1:4 there is no variable $x"), ("{{ \"a }}", "1:4 this text has no closing quote"),
        ("{{ eq 1 \"a\" }}", "1:4 a number cannot be compared with text"), ("{{}}", "1:1 a value is missing here"),
        ("{{ .Vars.name 1 }}", "1:4 this is no function, and takes no arguments"),
        ("{{ upper 1 }}", "1:4 argument 1 of \"upper\" is text, not a number"),
        ("{{ upper }}", "1:4 \"upper\" takes 1 arguments, not 0"), ("{{ fail \"no port\" }}", "1:4 no port"),
        ("{{ index .Vars.users 5 }}", "1:4 the list has 2 items, and no index 5"),
        ("{{ now }}", "1:4 there is no function \"now\""),
        ("{{template \"x\"}}", "1:1 there is no template \"x\""),
        ("{{break}}", "1:1 \"break\" stands alone, within a range"),
        ("{{ (1 }}", "1:4 this \"(\" has no \")\""),
        ("{{ 1 | 2 }}", "1:4 a value is given on to a function, and not to another value"),
    ]

    @Test(arguments: faults)
    func tellsWhatIsWrong(template: String, expected: String) {
        #expect(Self.fault(template) == expected)
    }

    /// A template comes with the commit: none may stop a bake, or eat its memory.
    @Test(arguments: [
        "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}",
        "{{range until 100000}}{{range until 100000}}x{{end}}{{end}}",
        "{{$x := \"0123456789\"}}{{range until 60}}{{$x = cat $x $x}}{{end}}{{$x}}",
        "{{$x := 1}}{{range until 100000}}{{$x = list $x}}{{end}}{{$x}}",
        "{{$x := list 1}}{{range until 60}}{{$x = list $x $x}}{{end}}{{$x}}", "{{repeat 1000000 \"0123456789\"}}",
        "{{printf \"%1000000d\" 1}}",
        "{{regexMatch \"(a+)+$\" (repeat 100000 \"a\")}}{{regexMatch \"((a{1,1000}){1,1000}){1,1000}\" \"a\"}}",
        String(repeating: "{{if true}}", count: 10_000), "{{" + String(repeating: "(", count: 10_000) + "}}",
    ])
    func endsHostileOnes(template: String) {
        let start = ContinuousClock.now
        #expect(!Self.fault(template).hasPrefix("no fault"))
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
