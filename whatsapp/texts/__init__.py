"""Every sentence the bot says, with typed arguments. The active language decides the words.

The English text is the key; Spanish and Portuguese live in whatsapp/locale. Lengths are fitted by `messages`.
"""
