# The types of lib.nix.
{
  definitionsOf,
  evalModules,
  last,
  mergeDefinitions,
  pushDown,
  showFiles,
  showOption,
  unique,
}:
let
  inherit (builtins)
    all
    attrNames
    concatMap
    concatStringsSep
    elem
    filter
    head
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isPath
    isString
    length
    listToAttrs
    map
    substring
    toJSON
    ;

  mergeOne =
    loc: defs:
    if length defs == 1 then
      (head defs).value
    else
      throw "The option `${showOption loc}' is defined multiple times: ${showFiles defs}";

  mergeEqual =
    loc: defs:
    if all (def: def.value == (head defs).value) defs then
      (head defs).value
    else
      throw "The option `${showOption loc}' has conflicting definition values: ${showFiles defs}";

  mkType =
    attributes:
    {
      check = _: true;
      merge = mergeEqual;
      mergeType =
        other: if other.name == attributes.name then types.${attributes.name} or (mkType attributes) else null;
    }
    // attributes;

  mergeItems =
    name: item: other:
    let
      merged = item.mergeType other.item;
    in
    if other.name == name && merged != null then types.${name} merged else null;

  bracketed = type: if type.isComposed or false then "(${type.description})" else type.description;

  between =
    least: most: description:
    mkType {
      name = "between";
      inherit description;
      check = value: isInt value && value >= least && value <= most;
    };

  types = {
    raw = mkType {
      name = "raw";
      description = "raw value";
      merge = mergeOne;
    };
    bool = mkType {
      name = "bool";
      description = "boolean";
      check = isBool;
    };
    int = mkType {
      name = "int";
      description = "signed integer";
      check = isInt;
    };
    str = mkType {
      name = "str";
      description = "string";
      check = isString;
    };
    lines = mkType {
      name = "lines";
      description = "strings concatenated with \"\\n\"";
      check = isString;
      merge = _: defs: concatStringsSep "\n" (map (def: def.value) defs);
    };
    path = mkType {
      name = "path";
      description = "absolute path";
      check = value: (isPath value || isString value || isAttrs value) && substring 0 1 "${value}" == "/";
    };
    package = mkType {
      name = "package";
      description = "package";
      check = value: isAttrs value && value ? outPath;
      merge = mergeOne;
    };
    port = between 0 65535 "16 bit unsigned integer; between 0 and 65535 (both inclusive)";
    ints = {
      between =
        least: most:
        between least most "integer between ${toString least} and ${toString most} (both inclusive)";
      unsigned = mkType {
        name = "unsigned";
        description = "unsigned integer, meaning >=0";
        check = value: isInt value && value >= 0;
        isComposed = true;
      };
    };
    enum =
      values:
      mkType {
        name = "enum";
        description = "one of ${concatStringsSep ", " (map toJSON values)}";
        check = value: elem value values;
        isComposed = true;
      };
    nullOr =
      item:
      mkType {
        name = "nullOr";
        description = "null or ${bracketed item}";
        isComposed = true;
        check = value: value == null || item.check value;
        merge =
          loc: defs: if all (def: def.value == null) defs then null else (mergeDefinitions loc item defs).value;
        options = item.options or (_: { });
      };
    listOf =
      item:
      mkType {
        name = "listOf";
        description = "list of ${bracketed item}";
        isComposed = true;
        check = isList;
        merge =
          loc: defs:
          concatMap (
            def:
            map (
              value:
              (mergeDefinitions (loc ++ [ "*" ]) item [
                {
                  inherit (def) file;
                  inherit value;
                }
              ]).value
            ) def.value
          ) defs;
        mergeType = mergeItems "listOf" item;
        options = item.options or (_: { });
        inherit item;
      };
    attrsOf =
      item:
      mkType {
        name = "attrsOf";
        description = "attribute set of ${bracketed item}";
        isComposed = true;
        check = isAttrs;
        merge =
          loc: defs:
          let
            pushed = concatMap (
              def:
              map (value: {
                inherit (def) file;
                inherit value;
              }) (pushDown def.value)
            ) defs;
            merged = name: mergeDefinitions (loc ++ [ name ]) item (definitionsOf name pushed);
            names = filter (name: (merged name).isDefined) (unique (concatMap (def: attrNames def.value) pushed));
          in
          listToAttrs (
            map (name: {
              inherit name;
              value = (merged name).value;
            }) names
          );
        mergeType = mergeItems "attrsOf" item;
        options = item.options or (_: { });
        inherit item;
      };
    submodule = module: types.submodules [ module ];
    submodules =
      modules:
      mkType {
        name = "submodule";
        description = "submodule";
        isComposed = true;
        check = value: isAttrs value || isFunction value;
        merge =
          loc: defs:
          (evalModules {
            modules =
              modules
              ++ map (def: {
                _file = def.file;
                imports = [ (if isFunction def.value then def.value else { config = def.value; }) ];
              }) defs;
            specialArgs.name = last loc;
            prefix = loc;
          }).config;
        mergeType = other: if other.name == "submodule" then types.submodules (modules ++ other.modules) else null;
        options =
          prefix:
          (evalModules {
            inherit modules prefix;
            specialArgs.name = "‹name›";
          }).options;
        inherit modules;
      };
  };
in
types
