import { FAULT_WORDS } from "./fault_words.js";

const EN = {
  simulator: "simulator", note: "Every chat is a player's phone. Write as any of them; nothing leaves this machine.",
  skip: "Skip to the message box", players: "Players", newPlayer: "New player", close: "Close", options: "Options",
  messages: "Messages", toEnd: "To the newest message", attach: "Attach", send: "Send", typeMessage: "Type a message",
  playing: "playing", business: "Business account", typing: "typing…", today: "Today", yesterday: "Yesterday",
  encrypted: "This is a simulated conversation. It behaves like the real one, but stays on this machine.",
  photo: "Photo", document: "Document", receipt: "Transfer receipt", voice: "Voice note", sticker: "Sticker",
  location: "Location", ownNumber: "My phone number", poll: "Poll (unsupported)", contact: "Contact", reaction: "Reaction",
  receiptsOn: "Read receipts are on", receiptsOff: "Read receipts are off", changeNumber: "Change number…",
  copyId: "Copy user id", copied: "Copied", number: "Phone number", withNumber: "With a phone number", username: "Username",
  noNumber: "no number", name: "Name", language: "Language", create: "Create", save: "Save", bank: "Bank", amount: "Amount",
  reference: "Reference", payer: "Payer", date: "Date and time", format: "Format", image: "Image", pdf: "PDF",
  caption: "Add a caption", preview: "Preview", reply: "Reply", react: "React", you: "You", unread: "unread",
  sent: "sent", delivered: "delivered", read: "read", open: "Open", template: "Template", unsupported: "This message type is not supported.",
  offline: "The server does not answer. Trying again…", failed: "That did not work:", gone: "This file is no longer available.",
  choose: "Choose", numberChanged: "You changed your phone number. Meta gave you a new user id.", play: "Play", pause: "Pause", noReaction: "Remove reaction",
  shareNumber: "Share phone number", sendLocation: "Send location", said: "said", empty: "Say hello to begin.",
};
const ES = {
  simulator: "simulador", note: "Cada chat es el teléfono de un jugador. Escribí como cualquiera; nada sale de esta máquina.",
  skip: "Ir al cuadro de mensaje", players: "Jugadores", newPlayer: "Nuevo jugador", close: "Cerrar", options: "Opciones",
  messages: "Mensajes", toEnd: "Al mensaje más nuevo", attach: "Adjuntar", send: "Enviar", typeMessage: "Escribe un mensaje",
  playing: "jugando como", business: "Cuenta de empresa", typing: "escribiendo…", today: "Hoy", yesterday: "Ayer",
  encrypted: "Es una conversación simulada. Se comporta como la real, pero no sale de esta máquina.",
  photo: "Foto", document: "Documento", receipt: "Comprobante de transferencia", voice: "Nota de voz", sticker: "Sticker",
  location: "Ubicación", ownNumber: "Mi número de teléfono", poll: "Encuesta (no admitida)", contact: "Contacto", reaction: "Reacción",
  receiptsOn: "Confirmación de lectura activada", receiptsOff: "Confirmación de lectura desactivada", changeNumber: "Cambiar número…",
  copyId: "Copiar id de usuario", copied: "Copiado", number: "Número de teléfono", withNumber: "Con número de teléfono", username: "Nombre de usuario",
  noNumber: "sin número", name: "Nombre", language: "Idioma", create: "Crear", save: "Guardar", bank: "Banco", amount: "Monto",
  reference: "Concepto", payer: "Ordenante", date: "Fecha y hora", format: "Formato", image: "Imagen", pdf: "PDF",
  caption: "Añade un comentario", preview: "Vista previa", reply: "Responder", react: "Reaccionar", you: "Tú", unread: "sin leer",
  sent: "enviado", delivered: "entregado", read: "leído", open: "Abrir", template: "Plantilla", unsupported: "Este tipo de mensaje no es compatible.",
  offline: "El servidor no responde. Reintentando…", failed: "No se pudo:", gone: "Este archivo ya no está disponible.",
  choose: "Elegir", numberChanged: "Cambiaste de número. Meta te dio un nuevo id de usuario.", play: "Reproducir", pause: "Pausa", noReaction: "Quitar reacción",
  shareNumber: "Compartir número", sendLocation: "Enviar ubicación", said: "dijo", empty: "Saluda para empezar.",
};
const PT = {
  simulator: "simulador", note: "Cada conversa é o telefone de um jogador. Escreva como qualquer um; nada sai desta máquina.",
  skip: "Ir para a caixa de mensagem", players: "Jogadores", newPlayer: "Novo jogador", close: "Fechar", options: "Opções",
  messages: "Mensagens", toEnd: "Ir à mensagem mais nova", attach: "Anexar", send: "Enviar", typeMessage: "Mensagem",
  playing: "jogando como", business: "Conta comercial", typing: "digitando…", today: "Hoje", yesterday: "Ontem",
  encrypted: "Esta conversa é simulada. Comporta-se como a real, mas não sai desta máquina.",
  photo: "Foto", document: "Documento", receipt: "Comprovante de transferência", voice: "Mensagem de voz", sticker: "Figurinha",
  location: "Localização", ownNumber: "Meu número de telefone", poll: "Enquete (não suportada)", contact: "Contato", reaction: "Reação",
  receiptsOn: "Confirmação de leitura ativada", receiptsOff: "Confirmação de leitura desativada", changeNumber: "Mudar de número…",
  copyId: "Copiar id do usuário", copied: "Copiado", number: "Número de telefone", withNumber: "Com número de telefone", username: "Nome de usuário",
  noNumber: "sem número", name: "Nome", language: "Idioma", create: "Criar", save: "Salvar", bank: "Banco", amount: "Valor",
  reference: "Descrição", payer: "Pagador", date: "Data e hora", format: "Formato", image: "Imagem", pdf: "PDF",
  caption: "Adicione uma legenda", preview: "Prévia", reply: "Responder", react: "Reagir", you: "Você", unread: "não lidas",
  sent: "enviada", delivered: "entregue", read: "lida", open: "Abrir", template: "Modelo", unsupported: "Este tipo de mensagem não é suportado.",
  offline: "O servidor não responde. Tentando de novo…", failed: "Não deu certo:", gone: "Este arquivo não está mais disponível.",
  choose: "Escolher", numberChanged: "Você mudou de número. A Meta lhe deu um novo id de usuário.", play: "Tocar", pause: "Pausar", noReaction: "Remover reação",
  shareNumber: "Compartilhar número", sendLocation: "Enviar localização", said: "disse", empty: "Diga oi para começar.",
};

const spoken = (navigator.language || "en").slice(0, 2).toLowerCase();
export const language = { es: "es", pt: "pt" }[spoken] || "en";
const dictionary = { ...{ es: ES, pt: PT, en: EN }[language], ...FAULT_WORDS[language] };
export const word = (key) => dictionary[key] ?? key;

export function speak(root = document) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = word(node.dataset.hint);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
}

export const timeOf = (at) => new Date(at).toLocaleTimeString(navigator.language, { hour: "2-digit", minute: "2-digit" });

export function dayOf(at) {
  const day = new Date(at);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return word("today");
  if (days === 1) return word("yesterday");
  if (days < 7 && days > 1) return day.toLocaleDateString(navigator.language, { weekday: "long" });
  return day.toLocaleDateString(navigator.language, { day: "numeric", month: "long", year: "numeric" });
}

export const whenOf = (at) => (dayOf(at) === word("today") ? timeOf(at) : dayOf(at));
