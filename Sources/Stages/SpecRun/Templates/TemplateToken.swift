/// A word of an action, `{{ … }}`.
struct TemplateToken: Hashable {
    enum Kind: Hashable {
        /// `if`, `range`, a function's name.
        case word(String)
        /// `.name`
        case field(String)
        /// `$name`, `$` alone has no name.
        case variable(String)
        /// `.`
        case dot
        /// A number, text, `true`, `false`, `nil`.
        case constant(DataValue)
        /// `|`, `(`, `)`, `,`, `:=`, `=`
        case sign(String)
    }

    let kind: Kind
    /// Where it begins, in Unicode scalars of the template.
    let offset: Int
    /// Whether white space stands before it: `.a .b` are two values, `.a.b` is one.
    let followsSpace: Bool
}

/// A part of a template: text as it is, or an action.
enum TemplateItem: Hashable {
    case text(String, offset: Int)
    case action([TemplateToken], offset: Int)
}
